// Sentences about a result, for the page and for the text to share.

const IS_NOT =
  "No promise, and no cause: an association among applicants " +
  "of past years, for this specialty as the first choice.";
const spanOf = (r) => `${percent(r.low)} to ${percent(r.high)}`;

// A chance out of 100 as people say it, never 0 and never 100.
function in100(p) {
  if (p < 0.0005) return "fewer than 0.1";
  return p < 0.0095 ? fixed(100 * p, 1) : String(clip(Math.round(100 * p), 1, 99));
}

function plausible(r, shares) {
  const [low, high] =
    r.high < 0.02 ? [oneIn(r.low, shares), oneIn(r.high, shares)] : [in100(r.low), in100(r.high)];
  const ends = low === high ? low : `between ${low} and ${high}`;
  return `${ends}${r.high < 0.02 ? "" : " in 100"} is plausible`;
}

const signed = (points) =>
  fixed(Math.abs(points), 1) === "0.0" ? "0.0" : `${points < 0 ? "−" : "+"}${fixed(Math.abs(points), 1)}`;

function headOf(result) {
  const { answer, pictures, interviews, words } = result,
    told = (r) => plausible(r, words.shares),
    unsure = answer.trust.kind === "grey" ? "Unsure: about" : "About";
  const about = (r) => `${unsure} ${oneIn(r.point, words.shares)} applicants like you`;
  const usual = answer.applications_basis === "given" ? "" : "the usual ";
  const applied = pictures.apply
    ? `${about(pictures.apply)} who apply to ${usual}${answer.applications} programs match; ` +
      `${told(pictures.apply)}.`
    : `${about(pictures.ranked)} who rank at least one program match; ${told(pictures.ranked)}.`;
  if (!pictures.given || interviews === 0) return [applied];
  return [
    `${about(pictures.given)} with the ${counted(interviews, "interview")} ` +
      `you hold match; ${told(pictures.given)}.`,
    `Before interviews are known: ${applied[0].toLowerCase()}${applied.slice(1)}`,
  ];
}

function partsOf({ answer, scores, profile, words }) {
  const k = answer.known,
    parts = [answer.specialty, typeName(answer.applicant_type, false, words)];
  if (k.visa_needed !== undefined) parts.push(k.visa_needed ? "needs a visa" : "needs no visa");
  if (scores) parts.push(`Step 2 CK not yet: ${profile.test} ${profile.step2}`);
  else if (k.step2_ck !== undefined) parts.push(`Step 2 CK ${general(k.step2_ck)}`);
  if (k.step1_attempts !== undefined)
    parts.push(k.step1_failed ? "Step 1 failed before" : "Step 1 passed at once");
  if (k.step2_attempts !== undefined)
    parts.push(k.step2_failed ? "Step 2 CK failed before" : "Step 2 CK passed at once");
  if (k.yog !== undefined) parts.push(`graduated ${k.yog}`);
  if (k.usce_months !== undefined) parts.push(`${general(k.usce_months)} months of US experience`);
  return [...parts, `${answer.cycle} Match`];
}

const whoAsks = (result) => partsOf(result).join(", ");

function warningsOf({ answer, words }) {
  const reasons = new Set(answer.trust.reasons.map((r) => r.code));
  const told = answer.notes.filter(
    (n) =>
      words.warnings.includes(n.code) ||
      words.shown.includes(n.code) ||
      reasons.has(n.code) ||
      (n.code === "next_year" && answer.cycle !== answer.table_year + 1),
  );
  return told.map((note) => element("li", {}, note.text));
}

function needed(one, listed) {
  const target = `For a ${general(100 * one.target)}% chance`;
  if (!one.reachable) return `${target}: not reachable with all ${listed} programs.`;
  const range =
    one.low === null
      ? "most draws never reach it"
      : `80% range ${one.low} to ${one.high ?? "no upper bound"}`;
  const fees = one.fees_usd === null ? "" : `, ${dollars(one.fees_usd)} in fees`;
  return `${target}: about ${one.applications} programs (${range})${fees}.`;
}

function asText(results) {
  return results
    .filter((r) => r.answer)
    .map((r) =>
      [
        whoAsks(r),
        ...(r.pictures ? headOf(r) : []),
        ...r.answer.trust.reasons.map((reason) => reason.text),
        ...(r.pictures?.apply
          ? [
              `Apply to ${r.answer.applications} programs: ` +
                `${percent(r.pictures.apply.point)} (${spanOf(r.pictures.apply)}).`,
            ]
          : []),
        ...(r.pictures
          ? [`Rank at least one: ${percent(r.pictures.ranked.point)} (${spanOf(r.pictures.ranked)}).`]
          : ["No number is given: the figures are too few or too unsure."]),
        ...(r.answer.required_applications
          ? [needed(r.atMean.required_applications, r.answer.programs_listed)]
          : []),
      ].join("\n"),
    )
    .concat(`${IS_NOT} Model ${results[0]?.answer?.model ?? ""}.`)
    .join("\n\n");
}

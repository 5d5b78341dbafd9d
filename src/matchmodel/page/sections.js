// The sections of an answer, as elements. A result is what app.js worked out for a profile.

const MARK = { up: "+", down: "−", unclear: "?" };

function table(head, rows, texts = 1) {
  const cell = (tag, text, i) =>
    element(tag, { class: i >= texts ? "n" : null, scope: tag === "th" ? "col" : null }, text);
  return element(
    "table",
    {},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        head.map((text, i) => cell("th", text, i)),
      ),
    ),
    element(
      "tbody",
      {},
      rows.map((row) =>
        element(
          "tr",
          { class: row.chosen ? "chosen" : null },
          row.map((text, i) => (i === 0 ? element("th", { scope: "row" }, text) : cell("td", text, i))),
        ),
      ),
    ),
  );
}

const behind = (title, ...inside) => element("details", {}, element("summary", {}, title), inside);
const said = (...text) => element("p", {}, ...text);
const hint = (...text) => element("p", { class: "hint" }, ...text);
const rough = (r) => [percent(r.point), sub(`${in100(r.low)} to ${in100(r.high)}`)];
const withSpan = (r) => [percent(r.point), sub(spanOf(r).replaceAll("%", ""))];
const sub = (text) => element("span", { class: "sub" }, text);

// --- the sections ----------------------------------------------------------------------------------------

// The chance that is said first: with the interviews held, else if you apply, else if you rank one.
function ofThePeople({ pictures, interviews }) {
  return pictures.given && interviews > 0 ? pictures.given : (pictures.apply ?? pictures.ranked);
}

function peopleBody(result) {
  const chance = ofThePeople(result);
  const label =
    `${in100(chance.point)} of 100 applicants like you ` + `match; ${plausible(chance, result.words.shares)}`;
  return [
    peopleChart(chance, label),
    element(
      "p",
      { class: "key" },
      element("b", {}, `${in100(chance.point)} match`),
      `, filled. Pale with an edge: perhaps as many as ` +
        `${in100(chance.high)}. Perhaps as few as ${in100(chance.low)}.`,
    ),
  ];
}

function chancesBody({ answer, pictures, interviews }) {
  const rows = [],
    row = (name, r, average) =>
      rows.push([
        [name, average === null ? null : sub(`the average applicant: ${percent(average)}`)],
        percent(r.point),
        spanOf(r),
      ]);
  if (pictures.apply)
    row(`if you apply to ${answer.applications} programs`, pictures.apply, answer.average_apply);
  row("if you rank at least one program", pictures.ranked, answer.average_ranked);
  if (pictures.given) row(`with the ${counted(interviews, "interview")} you hold`, pictures.given, null);
  const applied =
    "“If you apply” counts from the day you send applications. " +
    "“If you rank one” is for those with at least one interview.";
  return [table(["Chance of matching", "chance", "80% range"], rows), hint(applied)];
}

function interviewsBody(width, results, held) {
  const drawn = results.filter((r) => r.pictures && r.pictures.byInterviews),
    [own] = drawn,
    points = own.pictures.byInterviews,
    at = points[held];
  const next = points[held + 1],
    label = `Chance of matching against interviews held; at ${held}: ${percent(at.point)}, ${spanOf(at)}`;
  const more =
    held >= MOST_RANKS || !next
      ? " Beyond 12 interviews nothing more is gained in the data."
      : ` With ${held + 1}: ${percent(next.point)}.`;
  return [
    said(
      element("b", {}, `With ${counted(held, "interview")}: ${percent(at.point)}`),
      ` (${spanOf(at)}).`,
      more,
    ),
    curveChart({
      width,
      height: tall(),
      series: drawn.map((r, i) => ({ points: r.pictures.byInterviews, at: i ? r.interviews : held })),
      xLabel: "interviews held, each ranked",
      label,
      every: width > 450 ? 1 : 3,
    }),
    hint("Who gets more interviews is often the stronger applicant, so part of the rise is the applicant."),
    behind(
      "The same as a table",
      table(
        ["Interviews", "chance", "80% range"],
        points.map((p) => [String(p.x), p.x ? percent(p.point) : "none", p.x ? spanOf(p) : ""]),
      ),
    ),
  ];
}

function helpsBody(width, { answer, scores, words }) {
  const unknown = scores
    ? [
        said(
          `Step 2 CK is not known yet. Chances are averaged over what the test leaves ` +
            `open: about ${general(scores.mean)}, give or take ${fixed(scores.sd, 1)} points.`,
        ),
      ]
    : [];
  const medians = answer.medians.length
    ? [
        behind(
          "Research and the like: in the table, not in these odds",
          table(
            ["Median", "matched", "not matched"],
            answer.medians.map((m) => [
              words.measures[m.measure] ?? m.measure,
              general(m.matched),
              general(m.not_matched),
            ]),
          ),
        ),
      ]
    : [];
  if (!answer.likelihood_ratios.length)
    return [
      ...unknown,
      said("Nothing more is known of you, so this is the average applicant. Fill in what you know."),
      ...medians,
    ];
  const rows = [...answer.likelihood_ratios]
    .sort((x, y) => y.ratio - x.ratio)
    .map((r) => ({
      ...r,
      name:
        `${MARK[r.low > 1 ? "up" : r.high < 1 ? "down" : "unclear"]} ${r.label}: ` +
        `${r.value === true ? "yes" : r.value === false ? "no" : general(r.value)}`,
      how: r.low > 1 || r.high < 1 ? r.basis : `${r.basis}, unclear`,
    }));
  return [
    ...unknown,
    factorsChart(
      width,
      rows,
      `What helps and hurts: ${rows.map((r) => `${r.name}, odds times ${times(r.ratio)}`).join("; ")}`,
    ),
    table(
      ["Against the average", "odds", "80% range"],
      rows.map((r) => [[r.name, sub(r.how)], "×" + times(r.ratio), `${times(r.low)} to ${times(r.high)}`]),
    ),
    hint(
      "Measured: from a Match table. Evidence: from other studies. Assumed: " +
        "nobody measured it. Unclear: the range holds both help and harm.",
    ),
    ...medians,
  ];
}

function programsBody(width, results) {
  const drawn = results.filter((r) => r.pictures && r.pictures.byApplications),
    [{ answer, atMean, pictures, scores }] = drawn,
    required = atMean.required_applications;
  const label =
    `Chance of matching against programs applied to, up to all ${answer.programs_listed}; ` +
    `at ${answer.applications}: ${percent(pictures.apply.point)}`;
  const rows = atMean.chances_by_applications.map((at) => [
    at.applications === answer.programs_listed ? `all ${at.applications}` : String(at.applications),
    withSpan({ point: at.p_apply, low: at.p_apply_low, high: at.p_apply_high }),
    dollars(at.fees_usd),
  ]);
  const fees = answer.fees.applications_usd,
    fixedUsd = answer.fees.fixed_usd.reduce((sum, one) => sum + one.usd, 0);
  return [
    said(
      element("b", {}, `${answer.applications} programs: ${percent(pictures.apply.point)}`),
      fees === null
        ? ". Fees of this specialty are not known here."
        : `, ${dollars(fees)} in fees${fixedUsd ? `, and ${dollars(fixedUsd)} once a season` : ""}.`,
    ),
    said(scores ? "With the score that the test predicts. " : "", needed(required, answer.programs_listed)),
    curveChart({
      width,
      height: tall(),
      series: drawn.map((r) => ({ points: r.pictures.byApplications, at: r.answer.applications })),
      xLabel: "programs applied to",
      label,
      goal: required.target,
    }),
    hint(
      "Dotted: the chance you want. The band is the 80% range. More programs " +
        "do not make you a better applicant: see “What this cannot see”.",
    ),
    behind(
      scores ? "The same as a table, with the score that the test predicts" : "The same as a table",
      table(["Programs", "chance", "fees"], rows),
    ),
  ];
}

function sideBody(rows, own, choose) {
  const name = (row) =>
    element(
      "button",
      { type: "button", class: "pick", "aria-label": `Choose ${row.specialty}` },
      row.specialty,
    );
  const texts = rows.map((row) => {
    const weak = { grey: "unsure", withheld: "no number: too few" }[row.trust];
    const button = name(row);
    button.addEventListener("click", () => choose(row.specialty));
    const cells = [
      [button, weak ? sub(weak) : null].filter(Boolean),
      row.apply ? rough(row.apply) : "",
      row.ranked ? rough(row.ranked) : "",
    ];
    cells.chosen = row.specialty === own;
    return cells;
  });
  return [
    hint(
      "Each with its usual number of programs, or the number you gave. Do " +
        "not add chances up: one person's matches depend on the same luck.",
    ),
    table(["Specialty", "if you apply", "if you rank one"], texts),
  ];
}

function timingBody(found, sure) {
  const { now, wait, difference, better, cycle } = found,
    points = 100 * difference.point;
  const which =
    better >= sure
      ? "Waiting looks better"
      : better > 1 - sure
        ? "Too close to call"
        : "This year looks better";
  const change = `${signed(points)} points`,
    ends = [difference.low, difference.high].map((x) => signed(100 * x));
  return [
    said(
      element("b", {}, which),
      `: waiting alone, with nothing else changed, moves the chance by ${change} (${ends.join(" to ")}).`,
    ),
    table(
      ["Match", "chance", "80% range"],
      [
        [String(cycle), percent(now.point), spanOf(now)],
        [String(cycle + 1), percent(wait.point), spanOf(wait)],
      ],
    ),
    hint("Who waits has two Matches less one. Apply now, and you may apply again."),
  ];
}

function comparedBody(results) {
  const parts = results.map((r) => (r.answer ? partsOf(r) : [])),
    differ = (i) => parts[i].filter((part) => !parts[1 - i].includes(part)).join(", ");
  const rows = [
    [
      "Differs in",
      ...results.map((r, i) => (r.answer ? differ(i) || "nothing" : r.refused || "not complete")),
    ],
  ];
  const row = (name, of) =>
    rows.push([name, ...results.map((r) => (r.pictures && of(r.pictures) ? withSpan(of(r.pictures)) : ""))]);
  row("If you apply", (found) => found.apply);
  row("If you rank one", (found) => found.ranked);
  if (results.some((r) => r.pictures?.given)) row("With your interviews", (found) => found.given);
  rows.push(["Programs", ...results.map((r) => String(r.answer?.applications ?? ""))]);
  return [
    table(["Chance", "Profile A", "Profile B"], rows, 3),
    hint("In the curves the dashed line is the other profile."),
  ];
}

function trustBody({ file, words }, result) {
  const kind = file.types[result?.asked?.applicant_type];
  const old =
    kind && kind.year !== file.newest_table ? `The table behind this answer is of ${kind.year}. ` : "";
  const newest = `${old}The newest tables are of ${file.newest_table}. The model is called ${file.name}.`;
  const source = (s) =>
    element(
      "li",
      {},
      `${s.title}, ${s.publisher}, ${s.year}${s.consent ? " (its publisher's consent is asked for)" : ""}`,
    );
  return [
    said(newest),
    element(
      "ul",
      {},
      [
        kind?.stand_in
          ? sentence(kind.stand_in, words)
          : kind?.derived_from
            ? "No table gives US IMGs' outcomes by score: their " +
              "answers rest on odds ratios against non-US IMGs."
            : "Specialty and Step 2 CK are measured for non-US IMGs.",
        "Years, attempts, US experience and visa come from small or crude studies, so their ranges are wide.",
        "The chance if you apply, and what helps or hurts " +
          "beside Step 2 CK, were never checked on single people.",
        "Small specialties are marked unsure or get no number.",
      ].map((text) => element("li", {}, text)),
    ),
    file.sources
      ? behind(`Its ${file.sources.length} sources`, element("ul", {}, file.sources.map(source)))
      : null,
    result?.answer
      ? behind(
          "Every note on this answer",
          element(
            "ul",
            {},
            result.answer.notes.map((n) => element("li", {}, n.text)),
          ),
        )
      : null,
  ];
}

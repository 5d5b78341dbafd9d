// Which notes an answer has, as matchmodel.model.notes finds them: codes with fields, the warnings first.

function passingNote(score, marks) {
  const newest = marks.at(-1);
  if (!newest || score >= newest.mark) return null;
  const fields = { score, mark: newest.mark, since: newest.start };
  const older = marks
    .slice(0, -1)
    .map((mark, k) => [mark, marks[k + 1].start])
    .filter(([mark]) => score >= mark.mark)
    .at(-1);
  if (older) return { code: "passed_before", fields: { ...fields, older: older[0].mark, until: older[1] } };
  return {
    code: "under_every_mark",
    fields: { ...fields, older: marks[0].mark, older_since: marks[0].start },
  };
}

function leftOutNotes({ file, words }) {
  if (!file.left_out) return [];
  const lost = file.left_out.lost.map((note) => sentence(note, words).replace(/\.+$/, "")).join("; ");
  return [
    { code: "left_out", fields: { why: file.left_out.why, sources: file.left_out.sources.length, lost } },
  ];
}

function trustNotes(answer) {
  const { trust, applicant: a } = answer;
  if (trust.kind === "ok") return [];
  return [
    { code: trust.kind, fields: { specialty: a.specialty, applicant_type: a.applicant_type } },
    ...trust.reasons,
  ];
}

function warningNotes({ file, words }, answer, cell) {
  const { applicant: a, question } = answer,
    found = [],
    limits = words.limits;
  if (a.step2_ck !== null) {
    const passing = passingNote(a.step2_ck, file.passing_marks);
    if (passing) found.push(passing);
    if (answer.extrapolated) {
      const { low, high } = cell.score_seen;
      found.push({
        code: "score_extrapolated",
        fields: { score: a.step2_ck, low, high, specialty: a.specialty },
      });
    }
  }
  for (const [step, attempts] of stepsOf(a)) {
    if (attempts !== null && attempts > limits.attempts) {
      found.push({
        code: "attempt_limit",
        fields: { step, attempts, limit: limits.attempts, before: limits.attempts_before },
      });
    }
  }
  const years = a.cycle - answer.year;
  if (years > limits.old_table)
    found.push({ code: "old_table", fields: { year: answer.year, years, cycle: a.cycle } });
  if (!cell.chain)
    found.push({ code: "no_chain", fields: { specialty: a.specialty, applicant_type: a.applicant_type } });
  else if (question.applications !== null && question.applications > cell.chain.rates.listed) {
    found.push({
      code: "applications_above_listed",
      fields: {
        applications: question.applications,
        listed: cell.chain.rates.listed,
        specialty: a.specialty,
      },
    });
  }
  return found;
}

const stepsOf = (a) => [
  ["Step 1", a.step1_attempts],
  ["Step 2 CK", a.step2_attempts],
];

function kindNotes({ file, words }, a) {
  const kind = file.types[a.applicant_type],
    found = [],
    ofType = { applicant_type: a.applicant_type };
  if (kind.calibration) {
    const { n, matched, slope, intercept } = kind.calibration;
    found.push({
      code: "calibrated",
      fields: {
        ...ofType,
        n,
        matched,
        slope: slope.value,
        slope_se: slope.se,
        intercept: intercept.value,
        intercept_se: intercept.se,
      },
    });
  }
  if (file.updated) found.push({ code: "updated", fields: { n: file.updated.n } });
  if (kind.stand_in) found.push(kind.stand_in);
  else if (kind.derived_from) {
    const others = typeName(kind.derived_from, true, words);
    found.push({ code: "derived", fields: { ...ofType, others } });
    if (kind.score_shift) {
      const { value, basis } = kind.score_shift;
      found.push({
        code: "score_shift",
        fields: {
          ...ofType,
          points: Math.abs(value),
          direction: value < 0 ? "lower" : "higher",
          others,
          basis,
        },
      });
    }
  }
  const anywhere = kind.anywhere || { rate: null, year: null };
  found.push({ code: "takes_part", fields: {} });
  found.push({
    code: "preferred_only",
    fields: {
      ...ofType,
      anywhere: anywhere.rate,
      anywhere_year: anywhere.year,
      preferred: kind.preferred_rate,
      year: kind.year,
    },
  });
  return found;
}

function applicantNotes({ file, words }, a) {
  const found = stepsOf(a)
    .filter(([, attempts]) => attempts !== null && attempts > words.limits.capped)
    .map(([step, attempts]) => ({ code: "attempts_capped", fields: { step, attempts } }));
  const reference = file.types[a.applicant_type].reference;
  const missing = words.covariates.filter(
    ({ name }) =>
      a[name] !== null &&
      !(name in file.effects && name in reference) &&
      !(a.applicant_type === "us-img" && name === "visa_needed"),
  );
  if (missing.length)
    found.push({
      code: "no_figure",
      fields: { labels: missing.map((c) => c.label).join(", "), applicant_type: a.applicant_type },
    });
  return found;
}

function cellNotes({ file, words }, answer, cell) {
  const a = answer.applicant,
    found = [],
    specialty = a.specialty,
    kind = file.types[a.applicant_type];
  if (a.step2_ck !== null && !cell.own_slope) found.push({ code: "no_own_slope", fields: { specialty } });
  else if (a.step2_ck !== null && cell.beta.value < words.limits.flat_slope)
    found.push({ code: "flat_slope", fields: { specialty, beta: cell.beta.value } });
  if (cell.published && !kind.calibration) {
    const average = 1 / (1 + Math.exp(-cell.level.value)),
      published = cell.published.rate;
    if (Math.abs(average - published) > words.limits.shrunk)
      found.push({ code: "shrunk", fields: { specialty, published, average } });
  } else if (!cell.published && !kind.derived_from)
    found.push({ code: "counts_suppressed", fields: { specialty } });
  if (a.cycle !== answer.year)
    found.push({
      code: kind.drift ? "next_year" : "no_series",
      fields: { year: answer.year, cycle: a.cycle },
    });
  return found;
}

function chainNotes({ file, words }, answer, { chain }) {
  if (!chain) return [];
  const { specialty, applicant_type } = answer.applicant,
    found = [],
    { value, low, high, basis } = chain.usual;
  if (basis === "assumed" || high - low > 2 * words.limits.unsure * value)
    found.push({ code: "usual_unsure", fields: { value, low, high, basis } });
  found.push({ code: "more_applications", fields: {} }, { code: "bounds", fields: {} });
  found.push({
    code: "invitation_rates",
    fields: { applicant_type, with_figures: chain.rates.with_figures, listed: chain.rates.listed },
  });
  if (scheduleOf(file.fees, specialty, words) === null) {
    const service = Object.hasOwn(words.other_services, specialty) ? words.other_services[specialty] : null;
    found.push(
      service === null
        ? { code: "no_fees", fields: {} }
        : { code: "no_schedule", fields: { specialty, service } },
    );
  } else if (file.fees.fixed.length) {
    const each = fixedFees(file.fees),
      usd = each.reduce((sum, one) => sum + one.usd, 0);
    found.push({
      code: "fixed_fees",
      fields: {
        season: file.fees.season,
        usd,
        what: each.map((one) => `${one.what} ${fixed(one.usd, 0)}`).join(", "),
      },
    });
  }
  return found;
}

function notesOf(model, answer, cell) {
  const a = answer.applicant,
    first = [...leftOutNotes(model), ...trustNotes(answer)];
  if (answer.trust.kind === "withheld") return [...first, ...kindNotes(model, a)];
  return [
    ...first,
    ...warningNotes(model, answer, cell),
    ...(answer.question.interviews === null || !cell.chain ? [] : [{ code: "interviews", fields: {} }]),
    ...kindNotes(model, a),
    ...applicantNotes(model, a),
    ...cellNotes(model, answer, cell),
    { code: "association", fields: {} },
    ...chainNotes(model, answer, cell),
  ];
}

// --- fees ------------------------------------------------------------------------------------------------

function scheduleOf(fees, specialty, words) {
  if (Object.hasOwn(fees.schedules, specialty)) return fees.schedules[specialty];
  return Object.hasOwn(words.other_services, specialty) ? null : (fees.schedules.ERAS ?? null);
}

function cost(schedule, applications) {
  if (schedule === null) return null;
  let total = 0;
  for (const step of schedule) {
    const inside = Math.min(applications, step.to_program || applications) - (step.from_program || 1) + 1;
    if (inside > 0) total += step.usd_flat ?? inside * step.usd_each;
  }
  return total;
}

const fixedFees = (fees) =>
  fees.fixed
    .filter((step) => step.usd_flat !== null)
    .map((step) => ({ what: step.service, usd: step.usd_flat }));

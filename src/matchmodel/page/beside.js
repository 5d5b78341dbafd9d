// What the page draws beside the answer: curves, specialties side by side, this year or the next.

const POINTS = 24; // of a curve, nearer to each other where it is steep

// The applicant at each score that may be: [{ person, weight }].
// scores: { mean, sd }, normal; null for the own score. stepped: the level is one step of the drift on.
function mixture(model, a, scores = null, stepped = false) {
  const { nodes, weights, limits } = model.words,
    [low, high] = limits.score;
  const each =
    scores === null || !scores.sd
      ? [[scores === null ? a.step2_ck : scores.mean, 1]]
      : nodes.map((x, i) => [clip(scores.mean + scores.sd * Math.SQRT2 * x, low, high), weights[i]]);
  return each.map(([step2_ck, weight]) => {
    const person = stepped || scores !== null ? model.newPerson({ ...a, step2_ck }) : model.person(a);
    if (stepped) stepDrift(model, person, a);
    return { person, weight };
  });
}

// The level of the cycle before and one more independent step: matchmodel.advice.common.people_a_year_on.
function stepDrift(model, person, a) {
  const { drift, slope } = person.cell,
    year = model.file.types[a.applicant_type].year,
    d = drift.length;
  const then = Math.abs(a.cycle - year),
    [near, far] = [Math.abs(a.cycle - 1 - year), then].sort((x, y) => x - y);
  person.base = person.base.map((base, i) => {
    const walked =
      Math.sqrt(near / far) * drift[i] + Math.sqrt((far - near) / far) * drift[(i + Math.floor(d / 3)) % d];
    return base + slope[i] * Math.sqrt(then) * (walked - drift[i]);
  });
}

// Chances averaged over the scores that may be, and their curves.
function pictures(model, asked, scores = null) {
  const { applicant: a, question } = model.read(scores ? { ...asked, step2_ck: null } : asked),
    people = mixture(model, a, scores);
  const of = (draws) => range(mixed(people, draws)),
    chain = people[0].person.chain,
    found = { ranked: of((p) => p.ranked()) };
  if (!chain) return found;
  const { listed } = chain,
    { applications } = model.applications(chain, question);
  const numbers = new Set(
    Array.from({ length: POINTS }, (_, i) => Math.round(1 + (listed - 1) * (i / (POINTS - 1)) ** 2)),
  );
  const held = Array.from({ length: model.words.limits.interviews_told + 1 }, (_, k) =>
    Math.min(k, MOST_RANKS),
  );
  const byRanks = Array.from({ length: MOST_RANKS + 1 }, (_, k) => of((p) => p.given(k)));
  return {
    ...found,
    apply: of((p) => p.applyTo(applications)),
    given: question.interviews === null ? null : of((p) => p.given(question.interviews)),
    byInterviews: held.map((k, interviews) => ({ x: interviews, ...byRanks[k] })),
    byApplications: [...numbers].map((n) => ({ x: n, ...of((p) => p.applyTo(n)) })),
  };
}

// Every specialty of the type: the chance if you apply and if you rank one, the likeliest first.
function sideBySide(model, asked) {
  const { applicant, question } = model.read(asked),
    kind = model.file.types[applicant.applicant_type];
  const rows = model.specialties(applicant.applicant_type).map((specialty) => {
    const { trust, chain } = kind.cells[specialty],
      row = { specialty, trust: trust.kind, applications: null, apply: null, ranked: null };
    if (trust.kind === "withheld") return row;
    const person = model.newPerson({ ...applicant, specialty }),
      applications = chain && model.applications(person.chain, question).applications;
    return {
      ...row,
      applications,
      apply: chain && range(person.applyTo(applications)),
      ranked: range(person.ranked()),
    };
  });
  const rank = (row) => (row.apply ? 2 + row.apply.point : row.ranked ? row.ranked.point : -1);
  return rows.sort((x, y) => rank(y) - rank(x));
}

// This cycle, and the next after a year's wait with nothing else changed, as `matchmodel timing` has them.
function timing(model, asked, scores = null) {
  const { applicant: a, question } = model.read(scores ? { ...asked, step2_ck: null } : asked),
    years = a.years_since_graduation;
  const later = { ...a, cycle: a.cycle + 1, years_since_graduation: years === null ? null : years + 1 };
  const chance = (p) =>
    p.chain ? p.applyTo(model.applications(p.chain, question).applications) : p.ranked();
  const [now, wait, stepped] = [[a], [later], [later, true]].map(([who, step]) =>
    mixed(mixture(model, who, scores, step), chance),
  );
  const moved = mean(wait) - mean(stepped),
    difference = stepped.map((p, i) => p + moved - now[i]);
  const better = mean(difference.map((x) => (x > 0 ? 1 : x === 0 ? 0.5 : 0)));
  return { cycle: a.cycle, now: range(now), wait: range(wait), difference: range(difference), better };
}

// What a practice test says of Step 2 CK: { mean, sd }, as matchmodel.advice.practice reads it.
function practice(model, test, score) {
  const row = (model.file.advice.practice_tests ?? []).find((one) => one.test === test);
  if (!row || row.sd === null) throw new Refused(`no figures on the practice test '${clipped(test)}'`);
  const [low, high] = model.words.limits.score,
    meaning = `give the Step 2 CK that the test predicts, between 101 and ${high}`;
  const n = readNumber(score, "practice score", 0, high, meaning);
  if (n === null) return null;
  if (n <= 100)
    throw new Refused(
      `practice score is ${general(n)}, which may be a percentage of right answers; ${meaning}`,
    );
  return { mean: clip(n - (row.bias ?? 0), low, high), sd: row.sd };
}

function mixed(people, draws) {
  const sum = new Float64Array(people[0].person.lp.length);
  for (const { person, weight } of people) draws(person).forEach((x, i) => (sum[i] += weight * x));
  return sum;
}

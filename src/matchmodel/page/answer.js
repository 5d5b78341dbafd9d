// One applicant's answer: the object that `matchmodel predict --json` prints; and what the page draws beside it.

const ENDS = [["", "point"], ["_low", "low"], ["_high", "high"]];
const KNOWN = ["step2_ck", "step1_attempts", "step2_attempts", "yog", "usce_months", "visa_needed", "years_since_graduation", "step1_failed", "step2_failed"];
const RANGES = ["p_ranked", "p_apply", "p_any_invitation", "expected_invitations", "p_given_interviews"];
const SCHEMA = 3;
const POINTS = 24; // of a curve, nearer to each other where it is steep

function evenRound(x) { // as Python rounds: halves to even
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down % 2) : Math.round(x);
}

class Model {
  // file: a model file's JSON, or a pack of one. words: what the page shares with Python.
  constructor(file, words) {
    if (!file || file.kind !== "matchmodel") throw new Refused("this is not a matchmodel file; train one with: matchmodel train");
    if (file.schema !== SCHEMA) throw new Refused(`this file has schema ${clipped(file.schema)}, the page reads schema ${SCHEMA}; train it again with: matchmodel train`);
    this.file = file;
    this.words = words;
    this.covariates = words.covariates.map((c) => c.name);
    this.cells = new Map();
  }

  get defaultCycle() {
    return this.file.newest_table + 1;
  }

  specialties(kind) {
    return Object.keys(this.file.types[kind].cells).sort();
  }

  // Draws are unpacked when a cell is first asked for.
  cell(kind, specialty) {
    const key = `${kind}/${specialty}`;
    if (!this.cells.has(key)) this.cells.set(key, new Cell(this.file, this.file.types[kind], specialty));
    return this.cells.get(key);
  }

  // The applicant with cycle and years since graduation filled in.
  resolve(applicant) {
    const types = this.file.types, { applicant_type, specialty } = applicant;
    if (!Object.hasOwn(types, applicant_type)) {
      throw new Refused(`unknown applicant type '${clipped(applicant_type)}'; this model knows ${Object.keys(types).sort().join(", ")}`);
    }
    const kind = types[applicant_type];
    if (!Object.hasOwn(kind.cells, specialty)) throw new Refused(this.whyNone(specialty));
    const cycle = applicant.cycle ?? this.defaultCycle;
    if (applicant.yog !== null) graduatedBy(applicant.yog, cycle);
    const near = kind.stand_in ? [kind.year, this.file.newest_table] : [kind.year];
    const furthest = this.words.limits.furthest;
    if (cycle !== this.defaultCycle && Math.min(...near.map((year) => Math.abs(cycle - year))) > furthest) {
      throw new Refused(`cycle ${cycle} is more than ${furthest} years from the table of ${kind.year}; ask for a year near it, or retrain with a nearer table`);
    }
    return { ...applicant, cycle, years_since_graduation: applicant.yog === null ? applicant.years_since_graduation : cycle - applicant.yog };
  }

  whyNone(specialty) {
    const { other_matches } = this.words, anywhere = this.file.advice.ranked_anywhere ?? {};
    if (Object.hasOwn(other_matches, specialty)) return other_matches[specialty];
    if (!Object.hasOwn(anywhere, specialty)) return `no table has odds for ${specialty}; matchmodel specialties lists those with odds`;
    const counts = anywhere[specialty];
    const told = Object.keys(this.file.types).sort().filter((kind) => kind in counts)
      .map((kind) => `${fixed(counts[kind].matched, 0)} of ${fixed(counts[kind].ranked, 0)} ${typeName(kind, true, this.words)}`);
    return `no odds for ${specialty}: no table shows it by score. In ${counts.year}, of those who ranked it anywhere on their list, ${told.join(" and ")} matched to it`;
  }

  // The last one is kept, with what was worked out of it: an answer and its pictures ask for the same.
  person(a) {
    const key = JSON.stringify(a);
    if (this.last?.key !== key) this.last = { key, person: this.newPerson(a) };
    return this.last.person;
  }

  newPerson(a) {
    const years = a.cycle - this.file.types[a.applicant_type].year;
    return new Person(this.cell(a.applicant_type, a.specialty), a, this.covariates, years, this.words.limits.usce_cap);
  }

  // Who asks and what, checked: { applicant, question }.
  read(asked) {
    const question = questionOf(asked, this.words);
    return { question, applicant: this.resolve(applicantOf(asked, this.words)) };
  }

  // What `predict --json` prints of the same applicant.
  answer(asked) {
    const { applicant: a, question } = this.read(asked), kind = this.file.types[a.applicant_type];
    const cell = kind.cells[a.specialty], trust = cell.trust;
    const answer = { applicant: a, question, trust, year: kind.year, extrapolated: false };
    const made = Object.fromEntries(RANGES.map((name) => [name, null]));
    if (trust.kind !== "withheld") {
      const person = this.person(a), seen = cell.score_seen;
      answer.extrapolated = a.step2_ck !== null && seen !== null && !(seen.low <= a.step2_ck && a.step2_ck <= seen.high);
      Object.assign(made, {
        p_ranked: range(person.ranked()),
        average_ranked: mean(person.base.map(expit)),
        published_rate: cell.published ? cell.published.rate : null,
        likelihood_ratios: Object.keys(person.shifts).map((name) => this.ratio(a, cell, name, person.shifts[name])),
        medians: this.medians(a),
      });
      if (cell.chain) Object.assign(made, this.chances(a, question, person));
    }
    return this.written(answer, made, notesOf(this, answer, cell));
  }

  written({ applicant: a, question, trust, year, extrapolated }, made, notes) {
    const told = (found) => found.map((note) => ({ code: note.code, text: sentence(note, this.words) }));
    const odds = made.p_ranked && made.p_ranked.point / (1 - made.p_ranked.point), average = made.average_ranked ?? null;
    const written = {
      model: this.file.name,
      specialty: a.specialty,
      applicant_type: a.applicant_type,
      cycle: a.cycle,
      table_year: year,
      known: Object.fromEntries(KNOWN.filter((name) => a[name] !== null).map((name) => [name, a[name]])),
      trust: { kind: trust.kind, reasons: told(trust.reasons) },
      range: 0.8,
    };
    for (const name of RANGES) for (const [end, part] of ENDS) written[name + end] = made[name] && made[name][part];
    return Object.assign(written, {
      odds,
      one_in: made.p_ranked && 1 / made.p_ranked.point,
      average_ranked: average,
      average_apply: made.average_apply ?? null,
      published_rate: made.published_rate ?? null,
      odds_against_average: odds === null ? null : (odds * (1 - average)) / average,
      interviews: question.interviews,
      applications: made.applications ?? null,
      applications_basis: made.applications_basis ?? null,
      usual_applications: made.usual ?? null,
      programs_listed: made.listed ?? null,
      likelihood_ratios: (made.likelihood_ratios ?? []).map((one) => ({ ...one, notes: told(one.notes) })),
      required_applications: made.required?.choose ?? null,
      required_applications_random: made.required?.random ?? null,
      required_applications_friendliest: made.required?.friendliest ?? null,
      chances_by_interviews: made.byInterviews ?? null,
      chances_by_applications: made.byApplications ?? null,
      fees: made.fees ?? null,
      extrapolated,
      medians: made.medians ?? [],
      notes: told(notes),
    });
  }

  ratio(a, cell, name, shift) {
    const { point, low, high } = range(shift), score = name === "step2_ck", drawn = score ? cell.beta : this.file.effects[name].specialties[a.specialty];
    const reference = this.file.types[a.applicant_type].reference[name];
    return {
      covariate: name,
      label: score ? "Step 2 CK" : this.words.covariates.find((c) => c.name === name).label,
      value: a[name],
      ratio: Math.exp(point), low: Math.exp(low), high: Math.exp(high),
      basis: drawn.basis,
      source: drawn.source,
      notes: [...drawn.notes, ...(score ? [] : [{ code: "against_reference", fields: { basis: reference.basis, source: reference.source } }])],
    };
  }

  medians(a) {
    const medians = this.file.advice.published?.[a.applicant_type]?.[a.specialty]?.medians ?? {};
    return Object.entries(medians).filter(([, of]) => Object.keys(of).length === 2)
      .map(([measure, of]) => ({ measure, matched: of.matched, not_matched: of.not_matched }));
  }

  // How many applications are meant, and whose number it is.
  applications(chain, question) {
    const { usual, rates } = chain.record, given = question.applications !== null;
    return {
      applications: Math.min(Math.max(given ? question.applications : evenRound(usual.value), 1), rates.listed),
      applications_basis: given ? "given" : usual.basis,
    };
  }

  chances(a, question, person) {
    const { chain } = person, { listed } = chain, { value, low, high, basis } = chain.record.usual;
    const { applications, applications_basis } = this.applications(chain, question), fees = this.file.fees;
    const schedule = scheduleOf(fees, a.specialty, this.words), target = question.target ?? this.words.limits.target;
    const mu = person.invitations(applications), needed = person.meanNeeded(target);
    const bare = { ...a, ...Object.fromEntries(KNOWN.map((name) => [name, null])) }, average = this.newPerson(bare);
    const byRanks = person.byRanks.map(range);
    const sizes = [...this.words.limits.table.filter((n) => n < listed), listed];
    const required = (order) => {
      const found = person.needed(target, order, needed), whole = (n) => (n === Infinity ? null : n);
      const n = whole(found.point);
      return { target, reachable: n !== null, applications: n, low: whole(found.low), high: whole(found.high), fees_usd: n === null ? null : cost(schedule, n) };
    };
    return {
      expected_invitations: range(mu),
      p_any_invitation: range(person.any(mu)),
      p_apply: range(person.apply(mu)),
      average_apply: mean(average.applyTo(applications)),
      p_given_interviews: question.interviews === null ? null : range(person.given(question.interviews)),
      applications,
      applications_basis,
      usual: { value, low, high, basis },
      listed,
      required: Object.fromEntries(ORDERS.map((order) => [order, required(order)])),
      byInterviews: Array.from({ length: this.words.limits.interviews_told }, (_, k) => {
        const p = byRanks[Math.min(k, MOST_RANKS - 1)];
        return { interviews: k + 1, p: p.point, p_low: p.low, p_high: p.high };
      }),
      byApplications: sizes.map((n) => {
        const p = range(person.applyTo(n));
        return { applications: n, p_apply: p.point, p_apply_low: p.low, p_apply_high: p.high, fees_usd: cost(schedule, n) };
      }),
      fees: { season: fees.season, applications_usd: cost(schedule, applications), fixed_usd: fixedFees(fees) },
    };
  }

  // --- what the page draws beside the answer --------------------------------------------------------------

  // The applicant at each score that may be: [{ person, weight }]. scores: { mean, sd }, normal; null for the own score.
  // stepped: the level is one step of the drift on.
  mixture(a, scores = null, stepped = false) {
    const { nodes, weights, limits } = this.words, [low, high] = limits.score;
    const each = scores === null || !scores.sd ? [[scores === null ? a.step2_ck : scores.mean, 1]]
      : nodes.map((x, i) => [clip(scores.mean + scores.sd * Math.SQRT2 * x, low, high), weights[i]]);
    return each.map(([step2_ck, weight]) => {
      const person = stepped || scores !== null ? this.newPerson({ ...a, step2_ck }) : this.person(a);
      if (stepped) this.stepDrift(person, a);
      return { person, weight };
    });
  }

  // The level of the cycle before and one more independent step: matchmodel.advice.common.people_a_year_on.
  stepDrift(person, a) {
    const { drift, slope } = person.cell, year = this.file.types[a.applicant_type].year, d = drift.length;
    const then = Math.abs(a.cycle - year), [near, far] = [Math.abs(a.cycle - 1 - year), then].sort((x, y) => x - y);
    person.base = person.base.map((base, i) => {
      const walked = Math.sqrt(near / far) * drift[i] + Math.sqrt((far - near) / far) * drift[(i + Math.floor(d / 3)) % d];
      return base + slope[i] * Math.sqrt(then) * (walked - drift[i]);
    });
  }

  // Chances averaged over the scores that may be, and their curves.
  pictures(asked, scores = null) {
    const { applicant: a, question } = this.read(scores ? { ...asked, step2_ck: null } : asked), people = this.mixture(a, scores);
    const of = (draws) => range(mixed(people, draws)), chain = people[0].person.chain, found = { ranked: of((p) => p.ranked()) };
    if (!chain) return found;
    const { listed } = chain, { applications } = this.applications(chain, question);
    const numbers = new Set(Array.from({ length: POINTS }, (_, i) => Math.round(1 + (listed - 1) * (i / (POINTS - 1)) ** 2)));
    const held = Array.from({ length: this.words.limits.interviews_told + 1 }, (_, k) => Math.min(k, MOST_RANKS));
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
  sideBySide(asked) {
    const { applicant, question } = this.read(asked), kind = this.file.types[applicant.applicant_type];
    const rows = this.specialties(applicant.applicant_type).map((specialty) => {
      const { trust, chain } = kind.cells[specialty], row = { specialty, trust: trust.kind, applications: null, apply: null, ranked: null };
      if (trust.kind === "withheld") return row;
      const person = this.newPerson({ ...applicant, specialty }), applications = chain && this.applications(person.chain, question).applications;
      return { ...row, applications, apply: chain && range(person.applyTo(applications)), ranked: range(person.ranked()) };
    });
    const rank = (row) => (row.apply ? 2 + row.apply.point : row.ranked ? row.ranked.point : -1);
    return rows.sort((x, y) => rank(y) - rank(x));
  }

  // This cycle, and the next after a year's wait with nothing else changed: as `matchmodel timing` compares them.
  timing(asked, scores = null) {
    const { applicant: a, question } = this.read(scores ? { ...asked, step2_ck: null } : asked), years = a.years_since_graduation;
    const later = { ...a, cycle: a.cycle + 1, years_since_graduation: years === null ? null : years + 1 };
    const chance = (p) => (p.chain ? p.applyTo(this.applications(p.chain, question).applications) : p.ranked());
    const [now, wait, stepped] = [[a], [later], [later, true]].map(([who, step]) => mixed(this.mixture(who, scores, step), chance));
    const moved = mean(wait) - mean(stepped), difference = stepped.map((p, i) => p + moved - now[i]);
    const better = mean(difference.map((x) => (x > 0 ? 1 : x === 0 ? 0.5 : 0)));
    return { cycle: a.cycle, now: range(now), wait: range(wait), difference: range(difference), better };
  }

  // What a practice test says of Step 2 CK: { mean, sd }, as matchmodel.advice.practice reads it.
  practice(test, score) {
    const row = (this.file.advice.practice_tests ?? []).find((one) => one.test === test);
    if (!row || row.sd === null) throw new Refused(`no figures on the practice test '${clipped(test)}'`);
    const [low, high] = this.words.limits.score, meaning = `give the Step 2 CK that the test predicts, between 101 and ${high}`;
    const n = readNumber(score, "practice score", 0, high, meaning);
    if (n === null) return null;
    if (n <= 100) throw new Refused(`practice score is ${general(n)}, which may be a percentage of right answers; ${meaning}`);
    return { mean: clip(n - (row.bias ?? 0), low, high), sd: row.sd };
  }
}

function mixed(people, draws) {
  const sum = new Float64Array(people[0].person.lp.length);
  for (const { person, weight } of people) draws(person).forEach((x, i) => (sum[i] += weight * x));
  return sum;
}

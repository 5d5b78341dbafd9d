// One applicant's answer: the object that `matchmodel predict --json` prints.

const ENDS = [
  ["", "point"],
  ["_low", "low"],
  ["_high", "high"],
];
const KNOWN = [
  "step2_ck",
  "step1_attempts",
  "step2_attempts",
  "yog",
  "usce_months",
  "visa_needed",
  "years_since_graduation",
  "step1_failed",
  "step2_failed",
];
const RANGES = ["p_ranked", "p_apply", "p_any_invitation", "expected_invitations", "p_given_interviews"];
const SCHEMA = 3;

function evenRound(x) {
  // as Python rounds: halves to even
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down % 2) : Math.round(x);
}

class Model {
  // file: a model file's JSON, or a pack of one. words: what the page shares with Python.
  constructor(file, words) {
    if (!file || file.kind !== "matchmodel")
      throw new Refused("this is not a matchmodel file; train one with: matchmodel train");
    if (file.schema !== SCHEMA)
      throw new Refused(
        `this file has schema ${clipped(file.schema)}, the page reads ` +
          `schema ${SCHEMA}; train it again with: matchmodel train`,
      );
    this.file = file;
    this.words = words;
    this.covariates = words.covariates.map((c) => c.name);
    this.cells = new Map();
  }

  get defaultCycle() {
    return this.file.newest_table + 1;
  }

  specialties(kind) {
    return Object.keys(this.file.types[kind]?.cells ?? {}).sort();
  }

  // Draws are unpacked when a cell is first asked for.
  cell(kind, specialty) {
    const key = `${kind}/${specialty}`;
    if (!this.cells.has(key)) this.cells.set(key, new Cell(this.file, this.file.types[kind], specialty));
    return this.cells.get(key);
  }

  // The applicant with cycle and years since graduation filled in.
  resolve(applicant) {
    const types = this.file.types,
      { applicant_type, specialty } = applicant;
    if (!Object.hasOwn(types, applicant_type)) {
      throw new Refused(
        `unknown applicant type '${clipped(applicant_type)}'; ` +
          `this model knows ${Object.keys(types).sort().join(", ")}`,
      );
    }
    const kind = types[applicant_type];
    if (!Object.hasOwn(kind.cells, specialty)) throw new Refused(this.whyNone(specialty), "no odds");
    const cycle = applicant.cycle ?? this.defaultCycle;
    if (applicant.yog !== null) graduatedBy(applicant.yog, cycle);
    const near = kind.stand_in ? [kind.year, this.file.newest_table] : [kind.year];
    const furthest = this.words.limits.furthest;
    if (cycle !== this.defaultCycle && Math.min(...near.map((year) => Math.abs(cycle - year))) > furthest) {
      throw new Refused(
        `cycle ${cycle} is more than ${furthest} years from the table of ` +
          `${kind.year}; ask for a year near it, or retrain with a nearer table`,
      );
    }
    return {
      ...applicant,
      cycle,
      years_since_graduation:
        applicant.yog === null ? applicant.years_since_graduation : cycle - applicant.yog,
    };
  }

  whyNone(specialty) {
    const { other_matches } = this.words,
      anywhere = this.file.advice.ranked_anywhere ?? {};
    if (Object.hasOwn(other_matches, specialty)) return other_matches[specialty];
    if (!Object.hasOwn(anywhere, specialty))
      return `no table has odds for ${specialty}; matchmodel specialties lists those with odds`;
    const counts = anywhere[specialty];
    const told = Object.keys(this.file.types)
      .sort()
      .filter((kind) => kind in counts)
      .map(
        (kind) =>
          `${fixed(counts[kind].matched, 0)} of ` +
          `${fixed(counts[kind].ranked, 0)} ${typeName(kind, true, this.words)}`,
      );
    return (
      `no odds for ${specialty}: no table shows it by score. In ${counts.year}, of ` +
      `those who ranked it anywhere on their list, ${told.join(" and ")} matched to it`
    );
  }

  // The last one is kept, with what was worked out of it: an answer and its pictures ask for the same.
  person(a) {
    const key = JSON.stringify(a);
    if (this.last?.key !== key) this.last = { key, person: this.newPerson(a) };
    return this.last.person;
  }

  newPerson(a) {
    const years = a.cycle - this.file.types[a.applicant_type].year;
    return new Person(
      this.cell(a.applicant_type, a.specialty),
      a,
      this.covariates,
      years,
      this.words.limits.usce_cap,
    );
  }

  // Who asks and what, checked: { applicant, question }.
  read(asked) {
    const question = questionOf(asked, this.words);
    return { question, applicant: this.resolve(applicantOf(asked, this.words)) };
  }

  // What `predict --json` prints of the same applicant.
  answer(asked) {
    const { applicant: a, question } = this.read(asked),
      kind = this.file.types[a.applicant_type];
    const cell = kind.cells[a.specialty],
      trust = cell.trust;
    const answer = { applicant: a, question, trust, year: kind.year, extrapolated: false };
    const made = Object.fromEntries(RANGES.map((name) => [name, null]));
    if (trust.kind !== "withheld") {
      const person = this.person(a),
        seen = cell.score_seen;
      answer.extrapolated =
        a.step2_ck !== null && seen !== null && !(seen.low <= a.step2_ck && a.step2_ck <= seen.high);
      Object.assign(made, {
        p_ranked: range(person.ranked()),
        average_ranked: mean(person.base.map(expit)),
        published_rate: cell.published ? cell.published.rate : null,
        likelihood_ratios: Object.keys(person.shifts).map((name) =>
          this.ratio(a, cell, name, person.shifts[name]),
        ),
        medians: this.medians(a),
      });
      if (cell.chain) Object.assign(made, this.chances(a, question, person));
    }
    return this.written(answer, made, notesOf(this, answer, cell));
  }

  written({ applicant: a, question, trust, year, extrapolated }, made, notes) {
    const told = (found) => found.map((note) => ({ code: note.code, text: sentence(note, this.words) }));
    const odds = made.p_ranked && made.p_ranked.point / (1 - made.p_ranked.point),
      average = made.average_ranked ?? null;
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
    for (const name of RANGES)
      for (const [end, part] of ENDS) written[name + end] = made[name] && made[name][part];
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
    const { point, low, high } = range(shift),
      score = name === "step2_ck",
      drawn = score ? cell.beta : this.file.effects[name].specialties[a.specialty];
    const reference = this.file.types[a.applicant_type].reference[name];
    return {
      covariate: name,
      label: score ? "Step 2 CK" : this.words.covariates.find((c) => c.name === name).label,
      value: a[name],
      ratio: Math.exp(point),
      low: Math.exp(low),
      high: Math.exp(high),
      basis: drawn.basis,
      source: drawn.source,
      notes: [
        ...drawn.notes,
        ...(score
          ? []
          : [{ code: "against_reference", fields: { basis: reference.basis, source: reference.source } }]),
      ],
    };
  }

  medians(a) {
    const medians = this.file.advice.published?.[a.applicant_type]?.[a.specialty]?.medians ?? {};
    return Object.entries(medians)
      .filter(([, of]) => Object.keys(of).length === 2)
      .map(([measure, of]) => ({ measure, matched: of.matched, not_matched: of.not_matched }));
  }

  // How many applications are meant, and whose number it is.
  applications(chain, question) {
    const { usual, rates } = chain.record,
      given = question.applications !== null;
    return {
      applications: Math.min(
        Math.max(given ? question.applications : evenRound(usual.value), 1),
        rates.listed,
      ),
      applications_basis: given ? "given" : usual.basis,
    };
  }

  chances(a, question, person) {
    const { chain } = person,
      { listed } = chain,
      { value, low, high, basis } = chain.record.usual;
    const { applications, applications_basis } = this.applications(chain, question),
      fees = this.file.fees;
    const schedule = scheduleOf(fees, a.specialty, this.words),
      target = question.target ?? this.words.limits.target;
    const mu = person.invitations(applications),
      needed = person.meanNeeded(target);
    const bare = { ...a, ...Object.fromEntries(KNOWN.map((name) => [name, null])) },
      average = this.newPerson(bare);
    const byRanks = person.byRanks.map(range);
    const sizes = [...this.words.limits.table.filter((n) => n < listed), listed];
    const required = (order) => {
      const found = person.needed(target, order, needed),
        whole = (n) => (n === Infinity ? null : n);
      const n = whole(found.point);
      return {
        target,
        reachable: n !== null,
        applications: n,
        low: whole(found.low),
        high: whole(found.high),
        fees_usd: n === null ? null : cost(schedule, n),
      };
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
        return {
          applications: n,
          p_apply: p.point,
          p_apply_low: p.low,
          p_apply_high: p.high,
          fees_usd: cost(schedule, n),
        };
      }),
      fees: {
        season: fees.season,
        applications_usd: cost(schedule, applications),
        fixed_usd: fixedFees(fees),
      },
    };
  }
}

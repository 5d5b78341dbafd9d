// The engine of matchmodel.model.engine for one applicant, in every draw. Symbols and formulae stand there.
// Pure functions: no page, no clock, no network.

const MOST_RANKS = 12; // beyond so many contiguous ranks nothing is gained in the tables
const NEWTON = 40; // steps, at most
const MOST_MEAN = 2000; // mean invitations beyond which no target is looked for
const MOST_USUAL = 0.9; // of the programs listed: what a usual number can be
const RANGE = [0.1, 0.9]; // the 80% range
const Z_RANGE = 1.2815515655446004; // Phi^-1(0.9)
const ORDERS = ["choose", "random", "friendliest"];
const LN_RANKS = Float64Array.from({ length: MOST_RANKS }, (_, k) => Math.log(k + 1));
const expit = (x) => 0.5 + 0.5 * Math.tanh(0.5 * x);
const clip = (x, low, high) => Math.min(Math.max(x, low), high);
const filled = (count, value) => Float64Array.from({ length: count }, value);

function mean(draws) {
  let sum = 0;
  for (const x of draws) sum += x;
  return sum / draws.length;
}

// --- ranges ----------------------------------------------------------------------------------------------

// Phi(x) - 1/2 by its series (Marsaglia, Journal of Statistical Software 11:4, 2004).
function fromMiddle(x) {
  let term = x,
    sum = x;
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) sum += term *= (x * x) / n;
  return (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

function normalScore(place) {
  let z = 4.91 * (place ** 0.14 - (1 - place) ** 0.14);
  for (let k = 0; k < 4; k++)
    z -= (fromMiddle(z) - (place - 0.5)) * Math.sqrt(2 * Math.PI) * Math.exp(0.5 * z * z);
  return z;
}

function solve(matrix, right) {
  // Gauss, with pivots
  const n = right.length,
    a = matrix.map((row, i) => [...row, right[i]]);
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let j = i + 1; j < n; j++) if (Math.abs(a[j][i]) > Math.abs(a[best][i])) best = j;
    [a[i], a[best]] = [a[best], a[i]];
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const by = a[j][i] / a[i][i];
      for (let k = i; k <= n; k++) a[j][k] -= by * a[i][k];
    }
  }
  return a.map((row, i) => row[n] / row[i]);
}

const smoothed = new Map();

// Weights on sorted draws that give their 10% and 90% quantiles: a cubic in normal scores, by least squares.
function smoothQuantiles(count) {
  if (!smoothed.has(count)) {
    const powers = Array.from({ length: count }, (_, i) => {
      const z = normalScore((i + 0.5) / count);
      return [1, z, z * z, z * z * z];
    });
    const normal = [0, 1, 2, 3].map((i) =>
      [0, 1, 2, 3].map((j) => powers.reduce((sum, p) => sum + p[i] * p[j], 0)),
    );
    const weights = [-Z_RANGE, Z_RANGE].map((z) => {
      const at = solve(normal, [1, z, z * z, z * z * z]);
      return Float64Array.from(powers, (p) => p[0] * at[0] + p[1] * at[1] + p[2] * at[2] + p[3] * at[3]);
    });
    smoothed.set(count, weights);
  }
  return smoothed.get(count);
}

// a draw is off 0 by rounding below the one, of the greatest; chances stop short of 1 at the other
const ROUNDING = 1e-12,
  MOST_CHANCE = 1 - 1e-15;

function range(draws) {
  const point = mean(draws),
    ordered = Float64Array.from(draws).sort();
  const least = ordered[0],
    most = ordered[ordered.length - 1];
  const positive = least > ROUNDING * most;
  const chance = positive && most <= 1,
    above = positive && !chance;
  const [lows, highs] = smoothQuantiles(draws.length);
  let low = 0,
    high = 0;
  ordered.forEach((value, i) => {
    const short = Math.min(value, MOST_CHANCE);
    const x = chance ? Math.log(short) - Math.log1p(-short) : above ? Math.log(value) : value;
    low += lows[i] * x;
    high += highs[i] * x;
  });
  const back = (x) => clip(chance ? expit(x) : above ? Math.exp(x) : x, least, most);
  return { point, low: Math.min(back(low), point), high: Math.max(back(high), point) };
}

// --- draws of a model file or of a pack ------------------------------------------------------------------

function unpacked([offset, scale, text]) {
  const bytes = atob(text);
  return filled(
    bytes.length / 2,
    (_, i) => offset + scale * (bytes.charCodeAt(2 * i) + 256 * bytes.charCodeAt(2 * i + 1)),
  );
}

// Draws are a place in the pack's list, or the text of a model file: numbers with a space between them.
function drawsOf(file, value) {
  const draws =
    typeof value === "string" ? Float64Array.from(value.split(" "), Number) : unpacked(file.draws[value]);
  if (draws.length !== file.draw_count || !draws.every(Number.isFinite)) {
    throw new Refused("the model file is damaged: its draws hold something else than numbers");
  }
  return draws;
}

// --- the chain -------------------------------------------------------------------------------------------

function ranksPmf(mu, v, pmf) {
  const size = 1 / v,
    spread = v * mu,
    x = spread / (1 + spread);
  let sum = (pmf[0] = Math.exp(-size * Math.log1p(spread)));
  for (let k = 1; k < MOST_RANKS; k++) sum += pmf[k] = pmf[k - 1] * (((k - 1 + size) / k) * x);
  pmf[MOST_RANKS] = Math.max(1 - sum, 0);
}

// A with sum over k of shares_k expit(A + b ln min(k, 12)) = expit(goal), by Newton's method on the logit.
// odds: k^b.
function solveAt(shares, b, odds, goal) {
  let at = goal;
  for (let k = 0; k < MOST_RANKS; k++) at -= shares[k] * LN_RANKS[k] * b;
  at = clip(at, -300, 300);
  for (let turn = 0; turn < NEWTON; turn++) {
    const e = Math.exp(at);
    let total = 0,
      both = 0;
    for (let k = 0; k < MOST_RANKS; k++) {
      const x = e * odds[k],
        p = x / (1 + x);
      total += shares[k] * p;
      both += shares[k] * p * (1 - p);
    }
    total = clip(total, 1e-15, 1 - 1e-15);
    const slope = Math.max(both / (total * (1 - total)), 1e-3);
    const step = clip((Math.log(total) - Math.log1p(-total) - goal) / slope, -4, 4);
    at -= step;
    if (Math.abs(step) < 1e-7) break;
  }
  return at;
}

class Chain {
  constructor(file, chain) {
    const of = (name) => drawsOf(file, chain[name].draws);
    this.record = chain;
    [this.m0, this.dispersion, this.b, this.eta] = [
      "invitations",
      "dispersion",
      "rank_slope",
      "profile_rate",
    ].map(of);
    this.rate = chain.rates.mean.value;
    this.listed = chain.rates.listed;
    this.usual = of("usual");
    const rho = of("choice");
    const steep = rho.map((r, i) =>
      clip((r - 1) / (1 - Math.min(this.usual[i] / this.listed, MOST_USUAL)), 0, 1),
    );
    this.p = steep.map((s) => 1 + s);
    this.q = steep.map((s) => s / this.listed);
    this.odds = Array.from(this.b, (b) => LN_RANKS.map((ln) => Math.exp(ln * b))); // k^b
  }

  atUsual(i) {
    return this.m0[i] * this.rate * this.usual[i] * (this.p[i] - this.q[i] * this.usual[i]);
  }

  // Mean invitations from n programs in an order, at most n.
  invitations(n, factor, order = "choose") {
    n = Math.min(n, this.listed);
    if (order === "random") return factor.map((f) => Math.min(n * this.rate * f, n));
    const chosen = factor.map((f, i) => Math.min(n * this.rate * (this.p[i] - this.q[i] * n) * f, n));
    if (order === "choose") return chosen;
    const { rates, programs } = this.record.rates,
      best = new Float64Array(factor.length);
    for (let j = 0, before = 0; j < rates.length && before < n; before += programs[j], j++) {
      const left = Math.min(n - before, programs[j]);
      for (let i = 0; i < best.length; i++) best[i] += left * Math.min(rates[j] * factor[i], 1);
    }
    return chosen.map((c, i) => Math.max(best[i], c));
  }

  // The number of programs that gives so many mean invitations, infinite where none does.
  applications(mu, factor, order) {
    return mu.map((m, i) => {
      const each = m / (this.rate * factor[i]);
      let needed;
      if (order === "random") needed = Math.max(each, m);
      else {
        const root = this.p[i] ** 2 - 4 * this.q[i] * each;
        needed = Math.max(root >= 0 ? (2 * each) / (this.p[i] + Math.sqrt(root)) : Infinity, m);
        if (order === "friendliest") needed = Math.min(needed, this.friendliest(m, factor[i]));
      }
      return needed <= this.listed * (1 + 1e-9) ? needed : Infinity;
    });
  }

  friendliest(m, factor) {
    const { rates, programs } = this.record.rates;
    let needed = Infinity,
      reached = 0,
      before = 0;
    for (let j = 0; j < rates.length; j++) {
      const each = Math.min(rates[j] * factor, 1);
      if (reached < m && reached + each * programs[j] >= m)
        needed = before + (m - reached) / Math.max(each, 1e-300);
      reached += each * programs[j];
      before += programs[j];
    }
    return needed;
  }
}

// --- a cell, and one applicant in it ---------------------------------------------------------------------

const TRANSFORMS = { years_since_graduation: Math.log1p, usce_months: (m, cap) => Math.min(m, cap) / 3 };

class Cell {
  constructor(file, kind, specialty) {
    const record = kind.cells[specialty],
      of = (value) => drawsOf(file, value);
    this.record = record;
    [this.level, this.alpha, this.beta] = ["level", "alpha", "beta"].map((name) => of(record[name].draws));
    const walk = kind.drift && of(kind.drift.draws);
    this.drift = of(record.drift).map((x, i) => x + (walk ? walk[i] : 0));
    this.effects = Object.fromEntries(
      Object.entries(record.kappa).map(([name, kappa]) => [
        name,
        { delta: of(file.effects[name].specialties[specialty].draws), kappa: of(kappa.draws) },
      ]),
    );
    const calibration = kind.calibration;
    this.intercept = calibration ? of(calibration.intercept.draws) : this.level.map(() => 0);
    this.slope = calibration ? of(calibration.slope.draws) : this.level.map(() => 1);
    this.chain = record.chain && new Chain(file, record.chain);
  }
}

class Person {
  // known: step2_ck and the covariates, null where unknown.
  constructor(cell, known, covariates, years, cap) {
    this.cell = cell;
    this.chain = cell.chain;
    this.shifts = {};
    if (known.step2_ck !== null) {
      const u = (known.step2_ck - 240) / 10;
      this.shifts.step2_ck = cell.level.map(
        (level, i) => cell.slope[i] * (cell.alpha[i] + cell.beta[i] * u - level),
      );
    }
    for (const name of covariates) {
      if (known[name] === null || !(name in cell.effects)) continue;
      const u = (TRANSFORMS[name] || Number)(known[name], cap),
        { delta, kappa } = cell.effects[name];
      this.shifts[name] = delta.map((d, i) => cell.slope[i] * (d * u - kappa[i]));
    }
    const shifts = Object.values(this.shifts);
    this.lp = cell.level.map((_, i) => shifts.reduce((sum, shift) => sum + shift[i], 0));
    this.base = cell.level.map(
      (level, i) => cell.intercept[i] + cell.slope[i] * (level + Math.sqrt(Math.abs(years)) * cell.drift[i]),
    );
    if (this.chain) this.factor = this.lp.map((lp, i) => this.chain.m0[i] * Math.exp(this.chain.eta[i] * lp));
  }

  ranked() {
    return this.lp.map((lp, i) => expit(this.base[i] + lp));
  }

  // P(match | k, x) for k = 1, ..., 12, each in every draw: [k - 1][draw].
  get byRanks() {
    if (!this.ranks) {
      const { chain, lp, base } = this,
        pmf = new Float64Array(MOST_RANKS + 1),
        shares = new Float64Array(MOST_RANKS);
      this.ranks = Array.from({ length: MOST_RANKS }, () => new Float64Array(lp.length));
      for (let i = 0; i < lp.length; i++) {
        ranksPmf(chain.atUsual(i) * Math.exp(chain.eta[i] * lp[i]), chain.dispersion[i], pmf);
        let some = 0;
        for (let k = 1; k <= MOST_RANKS; k++) some += pmf[k];
        for (let k = 0; k < MOST_RANKS; k++) shares[k] = pmf[k + 1] / some;
        const e = Math.exp(solveAt(shares, chain.b[i], chain.odds[i], base[i] + lp[i]));
        for (let k = 0; k < MOST_RANKS; k++) this.ranks[k][i] = 1 - 1 / (1 + e * chain.odds[i][k]);
      }
    }
    return this.ranks;
  }

  given(interviews) {
    return interviews > 0
      ? this.byRanks[Math.min(interviews, MOST_RANKS) - 1]
      : new Float64Array(this.lp.length);
  }

  invitations(n, order) {
    return this.chain.invitations(n, this.factor, order);
  }

  any(mu) {
    return mu.map(
      (m, i) => -Math.expm1(-Math.log1p(this.chain.dispersion[i] * m) / this.chain.dispersion[i]),
    );
  }

  apply(mu) {
    const pmf = new Float64Array(MOST_RANKS + 1),
      ranks = this.byRanks;
    return mu.map((m, i) => {
      ranksPmf(m, this.chain.dispersion[i], pmf);
      let sum = 0;
      for (let k = 0; k < MOST_RANKS; k++) sum += pmf[k + 1] * ranks[k][i];
      return sum;
    });
  }

  applyTo(n, order) {
    return this.apply(this.invitations(n, order));
  }

  // Mean invitations that reach a target, infinite where none does: Newton's method on ln mu in a bracket.
  meanNeeded(target) {
    const pmf = new Float64Array(MOST_RANKS + 1),
      ranks = this.byRanks,
      goal = Math.log(target) - Math.log1p(-target);
    const most = this.apply(this.lp.map(() => MOST_MEAN));
    return most.map((highest, i) => {
      if (highest < target) return Infinity;
      const v = this.chain.dispersion[i];
      let low = -30,
        high = Math.log(MOST_MEAN),
        y = Math.log(3);
      for (let turn = 0; turn < NEWTON; turn++) {
        const mu = Math.exp(y);
        ranksPmf(mu, v, pmf);
        let total = 0,
          weighted = 0,
          counted = 0;
        for (let k = 1; k <= MOST_RANKS; k++) {
          const p = ranks[k - 1][i];
          total += pmf[k] * p;
          if (k < MOST_RANKS) {
            weighted += pmf[k] * k * p;
            counted += pmf[k] * k;
          } else weighted += (mu - counted) * p;
        }
        const slope = (weighted - mu * total) / (1 + v * mu);
        total = clip(total, 1e-300, 1 - 1e-16);
        const gap = goal - Math.log(total) + Math.log1p(-total);
        if (gap > 0) low = y;
        else high = y;
        const move = (gap * total * (1 - total)) / slope,
          step = y + move,
          small = Math.abs(move) < 1e-9;
        y = small || (step > low && step < high) ? step : (low + high) / 2;
        if (small) break;
      }
      return Math.exp(y);
    });
  }

  // The number of applications that a target takes: { point, low, high }, infinite where no number does.
  needed(target, order, mu) {
    const { listed } = this.chain,
      draws = this.chain.applications(mu, this.factor, order).sort();
    const ends = RANGE.map((q) => draws[Math.max(Math.ceil(q * draws.length - 1e-9) - 1, 0)]);
    const enough = (n) => mean(this.applyTo(n, order)) >= target;
    let few = 0,
      many = listed,
      middle = draws[draws.length >> 1],
      step = 1; // near the median over draws
    const reachable = enough(many);
    while (reachable && many - few > 1) {
      middle = middle > few && middle < many ? Math.floor(middle) : Math.floor((few + many) / 2);
      const found = enough(middle);
      if (found) many = middle;
      else few = middle;
      middle += found ? -step : step;
      step *= 4;
    }
    const point = reachable ? many : Infinity;
    const [low, high] = ends.map((end) => Math.max(Math.ceil(end - 1e-9), 1));
    return { point, low: Math.min(low, point), high: Math.max(high, point) };
  }
}

// Names of specialties: what was typed to the name in the tables, or the nearest one in a refusal.

function specialtyKey(name) {
  let text = String(name).trim().toLowerCase().replaceAll("&", " and ");
  if (text.endsWith("(categorical)")) text = text.slice(0, -"(categorical)".length);
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}

const namesOf = new WeakMap();

function names(words) {
  if (!namesOf.has(words)) {
    const keys = new Map(),
      spoken = new Map();
    for (const [name, others] of Object.entries(words.specialties)) {
      for (const text of [name, ...others])
        if (!keys.has(specialtyKey(text))) keys.set(specialtyKey(text), name);
    }
    for (const [name, others] of Object.entries(words.spoken))
      for (const text of others) spoken.set(specialtyKey(text), name);
    namesOf.set(words, { keys, spoken });
  }
  return namesOf.get(words);
}

// Twice the letters in common over all letters: Ratcliff and Obershelp, as Python's difflib counts them.
function likeness(a, b) {
  const where = new Map();
  [...b].forEach((c, j) => where.set(c, [...(where.get(c) || []), j]));
  const common = (alo, ahi, blo, bhi) => {
    let bestI = alo,
      bestJ = blo,
      best = 0,
      lengths = new Map();
    for (let i = alo; i < ahi; i++) {
      const next = new Map();
      for (const j of where.get(a[i]) || []) {
        if (j < blo) continue;
        if (j >= bhi) break;
        const k = (lengths.get(j - 1) || 0) + 1;
        next.set(j, k);
        if (k > best) [bestI, bestJ, best] = [i - k + 1, j - k + 1, k];
      }
      lengths = next;
    }
    return best === 0
      ? 0
      : best + common(alo, bestI, blo, bestJ) + common(bestI + best, ahi, bestJ + best, bhi);
  };
  return a.length + b.length === 0 ? 1 : (2 * common(0, a.length, 0, b.length)) / (a.length + b.length);
}

function closeMatches(word, among, count, least) {
  return among
    .map((one) => [likeness(one, word), one])
    .filter(([like]) => like >= least)
    .sort((x, y) => y[0] - x[0] || (x[1] < y[1] ? 1 : x[1] > y[1] ? -1 : 0))
    .slice(0, count)
    .map(([, one]) => one);
}

function nearestSpecialty(name, words) {
  const { keys } = names(words),
    all = [...keys.keys()],
    typed = specialtyKey(name).slice(0, 100);
  const near = closeMatches(typed, all, 9, 0.6);
  const inside = all.filter(
    (key) => typed.length >= 4 && (key.includes(typed) || (key.length >= 4 && typed.includes(key))),
  );
  const heads = new Map([...all].reverse().map((key) => [key.slice(0, typed.length + 1), key]));
  const begun = closeMatches(typed, [...heads.keys()], 3, 0.75).map((head) => heads.get(head));
  const first = [...near, ...inside, ...begun][0];
  return first === undefined ? null : keys.get(first);
}

function whyNone(name, words) {
  const folded = String(name)
    .toLowerCase()
    .replace(/[-/]/g, " ")
    .replaceAll("&", " and ")
    .split(/\s+/)
    .filter(Boolean)
    .join(" ");
  const asked = folded.endsWith(" fellowship") ? folded.slice(0, -" fellowship".length) : folded;
  if (Object.hasOwn(words.fellowships, asked)) {
    const residency = words.fellowships[asked];
    return (
      `${asked} is a fellowship, which comes after a residency in ${residency}: ` +
      `ask for ${residency} (there are no data on fellowship matches here)`
    );
  }
  if (["prelim", "preliminary", "pgy 1", "prelim year", "preliminary year"].includes(asked)) {
    return "say which one: preliminary medicine, preliminary surgery, or transitional year";
  }
  return null;
}

function askedSpecialty(name, words) {
  const { keys, spoken } = names(words),
    key = blank(name) ? "" : specialtyKey(name);
  const found = spoken.get(key) ?? keys.get(key);
  if (found !== undefined) return found;
  if (blank(name))
    throw new Refused("the specialty is empty; give one such as 'Internal Medicine'", "specialty");
  const why = whyNone(name, words);
  if (why !== null) throw new Refused(why, "specialty");
  const near = nearestSpecialty(name, words);
  throw new Refused(
    `unknown specialty '${clipped(name)}'; ` +
      (near === null ? "no name is near it; give one such as 'Internal Medicine'" : `did you mean ${near}?`),
    "specialty",
  );
}

// Words: numbers as Python writes them, sentences of notes, refusals with Python's own words.

class Refused extends Error {
  constructor(message, what = "") {
    super(message);
    this.what = what; // whose value it was
  }
}

// --- numbers as text -------------------------------------------------------------------------------------

// toFixed rounds exact halves up, Python to even; a number is exactly half when its double in binary is.
function fixed(x, digits) {
  const text = x.toFixed(digits),
    scaled = x * 10 ** digits;
  if (Math.abs(scaled % 1) !== 0.5 || (x * 2 ** (digits + 1)) % 1 !== 0) return text;
  return ((2 * Math.round(scaled / 2)) / 10 ** digits).toFixed(digits);
}

const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const general = (x) => String(Number(x.toPrecision(6)));
const counted = (n, noun) => `${grouped(String(n))} ${noun}${n === 1 ? "" : "s"}`;
const dollars = (usd) => (usd === null ? "" : "$" + grouped(fixed(usd, 0)));

// '{score:g}', '{low:.0f}', '{gap:+.2f}', '{share:.1%}', '{n:,}' or '{name}' of a Python template.
function formatted(value, how) {
  if (value === null || value === undefined) throw new Refused("a field is missing");
  if (!how) return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
  if (how === ",") return grouped(String(value));
  if (how === "g") return general(value);
  const [, plus, digits, kind] = /^(\+?)\.(\d)([f%])$/.exec(how);
  const text = kind === "%" ? fixed(100 * value, Number(digits)) + "%" : fixed(value, Number(digits));
  return plus && !text.startsWith("-") ? "+" + text : text;
}

function percent(p) {
  if (p < 0.001) return "<0.1%";
  return p > 0.999 ? ">99.9%" : fixed(100 * p, 1) + "%";
}

function times(value) {
  if (value < 0.001) return "<0.001";
  if (value < 0.095) return String(Number(value.toPrecision(2)));
  return value < 100 ? fixed(value, 2) : grouped(fixed(value, 0));
}

function oneIn(p, shares) {
  if (p < 0.18) return `1 in ${grouped(fixed(Number((1 / Math.max(p, 1e-9)).toPrecision(2)), 0))}`;
  const [a, b] = shares.reduce((best, one) =>
    Math.abs(one[0] / one[1] - p) < Math.abs(best[0] / best[1] - p) ? one : best,
  );
  return `${a} in ${b}`;
}

// A value as a message shows it: on one line, cut where it is very long.
function clipped(value) {
  let text =
    typeof value === "string"
      ? value.trim()
      : typeof value === "boolean"
        ? formatted(value)
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
  text = text.replace(
    /[\n\r\t\\]|[^\P{C} ]/gu,
    (c) =>
      ({ "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\" })[c] ||
      `\\x${c.codePointAt(0).toString(16).padStart(2, "0")}`,
  );
  return [...text].length <= 60 ? text : [...text].slice(0, 60).join("") + "...";
}

// --- sentences of notes ----------------------------------------------------------------------------------

const WRITTEN = {
  // those that Python writes by a function
  preferred_only(f) {
    const said = "These are chances of matching in the preferred specialty, not of matching anywhere";
    if (f.anywhere === null) return said + ".";
    const anywhere = ` (any PGY-1 position, ${f.people}, ${f.anywhere_year}: ${formatted(f.anywhere, ".1%")}`;
    const preferred =
      f.preferred === null
        ? ""
        : `; preferred specialty, all specialties, ${f.year}: ${formatted(f.preferred, ".1%")}`;
    return said + anywhere + preferred + ").";
  },
  calibrated(f) {
    const line = ["slope", "intercept"]
      .filter((name) => f[name + "_se"])
      .map((name) => `${name} ${fixed(f[name], 2)} (SE ${fixed(f[name + "_se"], 2)})`)
      .join(" and ");
    return (
      `The odds were calibrated on ${grouped(String(f.n))} ` +
      `${f.people} of your own whose outcomes are known ` +
      `(${grouped(String(f.matched))} matched): ` +
      `${line || "nothing moved"} on the log odds. The average and every ` +
      "factor include it. It holds for applicants like those."
    );
  },
  updated(f) {
    const people = f.n === null ? "applicants" : `${grouped(String(f.n))} applicants`;
    return (
      `The model was updated with ${people} of your own whose ` +
      `outcomes are known. It holds for applicants like those.`
    );
  },
  left_out(f) {
    const why = f.why === "consent" ? "whose consent is asked for" : "left out on request";
    const lost = f.lost ? `lost: ${f.lost}` : "no answer is lost";
    return `This model was trained without ${f.sources} source${f.sources === 1 ? "" : "s"} ${why}; ${lost}.`;
  },
};

function typeName(kind, several, words) {
  return (Object.hasOwn(words.type_names, kind) ? words.type_names[kind] : kind) + (several ? "s" : "");
}

function sentence(note, words) {
  const fields = { ...note.fields };
  if ("applicant_type" in fields) fields.people = typeName(String(fields.applicant_type), true, words);
  try {
    if (Object.hasOwn(WRITTEN, note.code)) return WRITTEN[note.code](fields);
    return words.templates[note.code].replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, how) =>
      formatted(fields[name], how),
    );
  } catch {
    const told = Object.entries(note.fields)
      .map(([name, value]) => `${name.replaceAll("_", " ")} ${value === null ? "None" : formatted(value)}`)
      .join(", ");
    const code = note.code.replaceAll("_", " ");
    return code[0].toUpperCase() + code.slice(1).toLowerCase() + (told ? `: ${told}.` : ".");
  }
}

// --- what is given, checked as `Applicant` and `Question` check it ----------------------------------------

const blank = (value) =>
  value === null || value === undefined || (typeof value === "string" && !value.trim());
const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function readNumber(value, name, low, high, meaning, whole = false) {
  if (blank(value)) return null;
  const text = String(value).trim();
  const number =
    typeof value === "number"
      ? value
      : typeof value === "string" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
        ? Number(text)
        : typeof value === "string" && /^[+-]?(inf(inity)?|nan)$/i.test(text)
          ? Infinity
          : null;
  if (number === null) throw new Refused(`${name} is '${clipped(value)}', not a number; ${meaning}`, name);
  if (!(low <= number && number <= high)) throw new Refused(`${name} is ${clipped(value)}; ${meaning}`, name);
  if (whole && !Number.isInteger(number))
    throw new Refused(`${name} is ${clipped(value)}, not a whole number; ${meaning}`, name);
  return number + 0;
}

function yesOrNo(value, words) {
  if (value === null || value === undefined || typeof value === "boolean") return value ?? null;
  const text = String(value).trim().toLowerCase();
  if (text === "" || text === "unknown") return null;
  return Object.hasOwn(words.yes, text) ? words.yes[text] : undefined;
}

function visaWord(value, words) {
  if (typeof value === "string" && Object.hasOwn(words.visas, letters(value)))
    return words.visas[letters(value)];
  const needed = yesOrNo(value, words);
  if (needed === undefined) {
    throw new Refused(
      `visa needed is '${clipped(value)}'; it is yes, no, j-1, ` +
        `h-1b, green-card or citizen (or left out where unknown)`,
    );
  }
  return needed === null ? null : needed ? "yes" : "no";
}

function typeOf(text, visa, words) {
  if (typeof text !== "string")
    throw new Refused(
      `applicant type is ${text === null || text === undefined ? "None" : clipped(text)}; ` +
        `say us-img or non-us-img`,
    );
  const key = letters(text);
  if (words.either_type.includes(key)) {
    const told = { yes: "non-us-img", "green-card": "non-us-img", citizen: "us-img" }[visa];
    if (told) return told;
    throw new Refused(
      `applicant type '${clipped(text)}' may be either: say us-img for a ` +
        `US citizen, non-us-img for everybody else (permanent residents too)`,
    );
  }
  if (Object.hasOwn(words.types, key)) return words.types[key];
  const kind = text
    .trim()
    .toLowerCase()
    .replace(/[_-]/g, " ")
    .replaceAll(".", "")
    .split(/\s+/)
    .filter(Boolean)
    .join("-");
  if (!kind) throw new Refused("applicant type is empty; say us-img or non-us-img");
  return kind;
}

function visaNeeded(word, kind) {
  if (kind === "us-img" && word === "yes")
    throw new Refused(
      "visa needed is yes, but US IMGs are US citizens, who need no visa; leave it out, or ask as non-us-img",
    );
  if (kind === "us-img" && word === "green-card")
    throw new Refused(
      "the NRMP counts permanent residents (green card) as non-US IMGs, who need no visa; ask as non-us-img",
    );
  if (kind === "non-us-img" && word === "citizen")
    throw new Refused("US citizens who graduated abroad are US IMGs, wherever they studied; ask as us-img");
  return word === null ? null : word === "yes";
}

function targetOf(value) {
  const meaning = "it is a chance, such as 60% or 0.6",
    percents = typeof value === "string" && value.trim().endsWith("%");
  let number = readNumber(percents ? value.trim().slice(0, -1) || value : value, "target", 0, 100, meaning);
  if (number === null) return null;
  if (percents || number > 1) number /= 100;
  if (!(number > 0 && number < 1)) throw new Refused(`target is ${clipped(value)}; ${meaning}`, "target");
  return number;
}

function graduatedBy(yog, cycle) {
  if (yog > cycle)
    throw new Refused(
      `year of graduation ${yog} is after the cycle ${cycle}; it is at the latest the year of the Match`,
      "year of graduation",
    );
}

function questionOf(asked, words) {
  const { applications, interviews } = words.limits;
  return {
    applications: readNumber(
      asked.applications,
      "applications",
      1,
      applications,
      `it is a whole number between 1 and ${applications}`,
      true,
    ),
    target: targetOf(asked.target),
    interviews: readNumber(
      asked.interviews,
      "interviews",
      0,
      interviews,
      `it is a whole number between 0 and ${interviews}`,
      true,
    ),
  };
}

function applicantOf(given, words) {
  const limits = words.limits,
    word = visaWord(given.visa_needed, words),
    kind = typeOf(given.applicant_type, word, words);
  const cycle = readNumber(
    given.cycle,
    "cycle",
    ...limits.cycle,
    "it is the year of the Match, such as 2027",
    true,
  );
  const yog = readNumber(
    given.yog,
    "year of graduation",
    limits.yog,
    limits.cycle[1],
    `give a year from ${limits.yog} on, such as 2024`,
    true,
  );
  if (yog !== null && cycle !== null) graduatedBy(yog, cycle);
  const count =
    `an attempt count is between 1 and ${limits.attempts} ` + `(${limits.attempts_before} before July 2021)`;
  const [step1, step2] = [
    ["Step 1", given.step1_attempts],
    ["Step 2 CK", given.step2_attempts],
  ].map(([step, value]) => readNumber(value, `${step} attempts`, 1, limits.attempts_before, count, true));
  const visa = visaNeeded(word, kind),
    specialty = askedSpecialty(given.specialty, words);
  const [low, high] = limits.score;
  return {
    specialty,
    applicant_type: kind,
    step2_ck: readNumber(given.step2_ck, "Step 2 CK", low, high, `scores are on the ${low} to ${high} scale`),
    step1_attempts: step1,
    step2_attempts: step2,
    yog,
    usce_months: readNumber(
      given.usce_months,
      "US clinical experience",
      0,
      limits.usce,
      `it is in months, between 0 and ${limits.usce}`,
    ),
    visa_needed: visa,
    cycle,
    years_since_graduation: null,
    step1_failed: step1 === null ? null : step1 >= 2,
    step2_failed: step2 === null ? null : step2 >= 2,
  };
}

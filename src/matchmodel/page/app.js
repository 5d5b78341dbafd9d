// The page: what is typed, and what is shown of it. Nothing is stored, nothing is sent.

const $ = (id) => document.getElementById(id);
const shared = JSON.parse($("data").textContent);
const FIELDS = {
  // input -> key in a profile and in the link
  specialty: "specialty",
  who: "who",
  step2: "step2",
  "step2-is": "test",
  "step1-first": "step1",
  "step2-first": "step2n",
  yog: "yog",
  usce: "usce",
  applications: "applications",
  interviews: "interviews",
  target: "target",
  cycle: "cycle",
};
const WHO = {
  visa: ["non-us-img", "yes"],
  green: ["non-us-img", "green-card"],
  citizen: ["us-img", null],
  other: ["non-us-img", null],
};
const KINDS = [...new Set(Object.values(WHO).map(([kind]) => kind))];
const OF_WHAT = {
  // whose value a refusal names -> input
  "no odds": "specialty",
  "Step 2 CK": "step2",
  "practice score": "step2",
  "year of graduation": "yog",
  "US clinical experience": "usce",
  applications: "applications",
  interviews: "interviews",
  target: "target",
  cycle: "cycle",
  specialty: "specialty",
};
const PAUSE = 900; // milliseconds after which what is typed is taken as meant, and refused where it cannot be

const PRINTED = 330; // pixels, of a picture in one of two columns on A4
const AFTER = 100; // milliseconds from an answer to what takes longer

let model = new Model(shared.model, shared.words);
let profiles = [{}],
  active = 0,
  results = [],
  later = 0,
  refusing = 0,
  inView = false,
  printing = false;

// --- from a profile to an answer -------------------------------------------------------------------------

function askedOf(profile) {
  const [applicant_type, visa_needed] = WHO[profile.who] ?? ["", null];
  return {
    specialty: profile.specialty,
    applicant_type,
    visa_needed,
    step2_ck: profile.test ? null : profile.step2,
    step1_attempts: profile.step1,
    step2_attempts: profile.step2n,
    yog: profile.yog,
    usce_months: profile.usce,
    cycle: profile.cycle,
    applications: profile.applications,
    interviews: profile.interviews,
    target: profile.target,
  };
}

function resultOf(profile) {
  const result = {
    profile,
    words: model.words,
    answer: null,
    atMean: null,
    pictures: null,
    interviews: null,
    scores: null,
    refused: null,
    what: "",
  };
  try {
    if (profile.specialty) askedSpecialty(profile.specialty, model.words);
    if (!profile.specialty || !WHO[profile.who]) {
      checkNumbers(profile);
      return result;
    }
    const asked = askedOf(profile);
    result.scores = profile.test && profile.step2 ? practice(model, profile.test, profile.step2) : null;
    result.asked = asked;
    result.answer = model.answer(asked);
    result.atMean = result.scores ? model.answer({ ...asked, step2_ck: result.scores.mean }) : result.answer;
    result.interviews = result.answer.interviews;
    if (result.answer.trust.kind !== "withheld") result.pictures = pictures(model, asked, result.scores);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    Object.assign(result, { refused: error.message, what: error.what, answer: null, pictures: null });
  }
  return result;
}

function checkNumbers(profile) {
  // before specialty and type are said
  const asked = {
    ...askedOf(profile),
    specialty: "Internal Medicine",
    applicant_type: "non-us-img",
    visa_needed: null,
  };
  questionOf(asked, model.words);
  applicantOf(asked, model.words);
}

const tall = () => (printing ? 150 : 230);

// --- showing it ------------------------------------------------------------------------------------------

const asSentence = (text) => text[0].toUpperCase() + text.slice(1) + (text.endsWith("?") ? "" : ".");
const body = (id) => $(id).querySelector(".body");
const put = (node, children) => node.replaceChildren(...children.filter((child) => child !== null));
const width = () => (printing ? PRINTED : clip($("answers").clientWidth, 280, 720));

function show(refuse) {
  results = profiles.map(resultOf);
  const own = results[active],
    waiting = own.refused !== null && !refuse;
  clearTimeout(refusing);
  if (waiting) refusing = setTimeout(() => show(true), PAUSE);
  $("refused").hidden = own.refused === null || waiting;
  $("refused").textContent = own.refused === null || waiting ? "" : asSentence(own.refused);
  for (const id of Object.keys(FIELDS)) {
    const wrong = !waiting && own.refused !== null && OF_WHAT[own.what] === id;
    $(id).setAttribute("aria-invalid", String(wrong));
    if (wrong) $(id).setAttribute("aria-describedby", "refused");
    else $(id).removeAttribute("aria-describedby");
  }
  if (waiting) return;
  showFirst(own);
  $("details").hidden = own.answer === null && own.what !== "no odds";
  for (const section of $("details").children)
    section.hidden = own.pictures === null && section.id !== "side-by-side";
  put(body("trust"), trustBody(model, own));
  if (own.pictures) showPictures(own);
  clearTimeout(later);
  later = setTimeout(() => showLater(own), AFTER);
}

function showFirst(own) {
  const lines = own.refused
    ? ["There is no answer yet: see above."]
    : own.pictures
      ? headOf(own)
      : own.answer
        ? ["No number is given here."]
        : [
            own.profile.specialty
              ? "Now say who you are."
              : own.profile.who
                ? "Now say a specialty."
                : "Say a specialty and who you are, and the answer stands here.",
          ];
  const text = lines.join(" ");
  if ($("sentence").textContent !== text)
    put(
      $("sentence"),
      lines.map((line, i) => (i ? element("span", { class: "second-line" }, " " + line) : line)),
    );
  $("is-not").hidden = !own.pictures;
  $("who-asks").hidden = !own.answer;
  $("who-asks").textContent = own.answer ? whoAsks(own) : "";
  const chance = own.pictures && ofThePeople(own);
  $("at-hand").textContent = chance
    ? `About ${oneIn(chance.point, model.words.shares)}: see the answer ↓`
    : "";
  $("at-hand").hidden = !chance || inView;
  put($("warnings"), own.answer ? warningsOf(own) : []);
}

const inOrder = () => [results[active], ...results.filter((r, i) => i !== active)];

function showPictures(own) {
  const chain = own.pictures.byApplications !== undefined;
  put(body("people"), peopleBody(own));
  put(body("chances"), chancesBody(own));
  put(body("helps"), helpsBody(width(), own));
  $("interviews-held").hidden = $("more-programs").hidden = !chain;
  if (chain) {
    const held = Math.min(own.interviews ?? 3, Number($("slider").max));
    $("slider").value = held;
    showHeld(held);
    put(body("more-programs"), programsBody(width(), inOrder()));
  }
  if (printing) put(body("now-or-next"), nextYear(own));
  $("compared").hidden = profiles.length < 2;
  if (profiles.length > 1) put(body("compared"), comparedBody(results));
}

function showHeld(held) {
  $("held").textContent = String(held);
  put(body("interviews-held"), interviewsBody(width(), inOrder(), held));
}

function showLater(own) {
  // what takes longer comes after the answer
  if (!own.answer && own.what !== "no odds") return;
  const specialty = own.answer ? own.answer.specialty : model.specialties(own.asked.applicant_type)[0];
  const asked = { ...own.asked, specialty, ...(own.scores ? { step2_ck: own.scores.mean } : {}) };
  put(body("side-by-side"), sideBody(sideBySide(model, asked), own.answer?.specialty, choose));
  if (own.pictures) put(body("now-or-next"), nextYear(own));
}

function nextYear(own) {
  try {
    return timingBody(timing(model, own.asked, own.scores), model.words.limits.sure);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [element("p", {}, error.message)];
  }
}

function choose(specialty) {
  $("specialty").value = specialty;
  typed("specialty", true);
  $("answers").focus();
}

// --- what is typed ---------------------------------------------------------------------------------------

function typed(id, refuse) {
  profiles[active] = { ...profiles[active], [FIELDS[id]]: $(id).value };
  show(refuse);
}

function fill() {
  for (const [id, key] of Object.entries(FIELDS)) $(id).value = profiles[active][key] ?? "";
  $("which").hidden = profiles.length < 2;
  $("compare").hidden = profiles.length > 1;
  ["tab-a", "tab-b"].forEach((id, i) => $(id).setAttribute("aria-pressed", String(i === active)));
}

function turnTo(which) {
  active = which;
  fill();
  show(true);
}

// --- the beginning ----------------------------------------------------------------------------------------

function setModel(made) {
  model = made;
  const known = new Set(KINDS.flatMap((kind) => model.specialties(kind)));
  put(
    $("specialties"),
    [...known].sort().map((name) => element("option", { value: name })),
  );
  const tests = (model.file.advice.practice_tests ?? []).filter((row) => row.sd !== null);
  put($("step2-is"), [
    element("option", { value: "" }, "my score"),
    ...tests.map((row) =>
      element(
        "option",
        { value: row.test },
        row.test === "unspecified" ? "not yet: another test" : `not yet: ${row.test}`,
      ),
    ),
  ]);
  $("cycle").placeholder = String(model.defaultCycle);
  const asked = (model.file.sources ?? []).filter((s) => s.consent).length;
  $("carries").textContent =
    `This page carries the model ${model.file.name}, made from tables up to ${model.file.newest_table}. ` +
    (asked
      ? `${asked} of its ${model.file.sources.length} sources ask ` +
        `for their publisher's consent before it is published.`
      : "None of its sources asks for consent.");
}

function start() {
  setModel(model);
  for (const id of Object.keys(FIELDS)) {
    $(id).addEventListener("input", () => typed(id, $(id).tagName === "SELECT"));
    $(id).addEventListener("change", () => typed(id, true));
  }
  $("profile").addEventListener("submit", (event) => {
    event.preventDefault();
    show(true);
  });
  $("profile").addEventListener("reset", (event) => {
    event.preventDefault();
    profiles = [{}];
    turnTo(0);
    $("specialty").focus();
  });
  $("slider").addEventListener("input", () => showHeld(Number($("slider").value)));
  $("slider").addEventListener("change", () => {
    $("interviews").value = $("slider").value;
    typed("interviews", true);
  });
  $("compare").addEventListener("click", () => {
    profiles = [profiles[0], { ...profiles[0] }];
    turnTo(1);
    $("tab-b").focus();
  });
  $("tab-a").addEventListener("click", () => turnTo(0));
  $("tab-b").addEventListener("click", () => turnTo(1));
  $("drop-b").addEventListener("click", () => {
    profiles = [profiles[0]];
    turnTo(0);
    $("compare").focus();
  });
  $("copy-link").addEventListener("click", () => copy(link(), "The link"));
  $("copy-text").addEventListener("click", () => copy(asText(results), "The text"));
  $("print").addEventListener("click", () => print());
  $("file").addEventListener("change", async () => {
    const [file] = $("file").files;
    if (!file) return;
    try {
      load(await file.text());
      $("file-told").textContent = `Answers now come from ${model.file.name}.`;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      $("file-told").textContent = `Not taken: ${asSentence(error.message)}`;
    }
    turnTo(active);
  });
  addEventListener("hashchange", readLink);
  for (const [event, begins] of [
    ["beforeprint", true],
    ["afterprint", false],
  ])
    addEventListener(event, () => {
      printing = begins;
      show(true);
    });
  $("at-hand").addEventListener("click", (event) => {
    event.preventDefault();
    $("first").scrollIntoView();
    $("answers").focus({ preventScroll: true });
  });
  new IntersectionObserver(
    ([seen]) => {
      inView = seen.isIntersecting || seen.boundingClientRect.top < 0;
      $("at-hand").hidden = inView || !$("at-hand").textContent;
    },
    { threshold: 0.9, rootMargin: "0px 0px -48px" },
  ).observe($("sentence"));
  let wide = width();
  addEventListener("resize", () => {
    if (width() !== wide) {
      wide = width();
      show(true);
    }
  });
  window.matchmodel = { answer: (asked) => model.answer(asked), load };
  turnTo(0);
  readLink();
}

start();

// A link, a text to copy, another model: what leaves the page by hand, and what comes in.

function link() {
  const parts = new URLSearchParams();
  profiles.forEach((profile, i) => {
    for (const [key, value] of Object.entries(profile)) if (value) parts.set(i ? `b.${key}` : key, value);
  });
  return `${location.href.split("#")[0]}#${parts}`;
}

function readLink() {
  const parts = new URLSearchParams(location.hash.slice(1)),
    keys = new Set(Object.values(FIELDS));
  const found = ["", "b."].map((prefix) =>
    Object.fromEntries(
      [...parts]
        .filter(([name]) => name.startsWith(prefix) && keys.has(name.slice(prefix.length)))
        .map(([name, value]) => [name.slice(prefix.length), value.slice(0, 200)]),
    ),
  );
  if (!found.some((one) => Object.keys(one).length)) return; // '#answers' is a place on the page
  profiles = Object.keys(found[1]).length ? found : [found[0]];
  turnTo(0);
}

async function copy(text, what) {
  const area = $("to-copy");
  area.value = text;
  try {
    await navigator.clipboard.writeText(text);
    area.hidden = true;
    $("copied").textContent = `${what} is copied.`;
  } catch {
    // a file may not use the clipboard in every browser
    area.hidden = false;
    area.select();
    $("copied").textContent = "Copy it from here:";
  }
}

// Takes the words of the page, and the model of the file: what `update`, `calibrate` or `train` wrote.
function load(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Refused("this file is not JSON; a model file is, such as models/match-2026.json");
  }
  const made = new Model(content, model.words);
  try {
    for (const kind of Object.keys(content.types)) {
      for (const specialty of made.specialties(kind)) made.answer({ specialty, applicant_type: kind });
    }
  } catch (error) {
    throw new Refused(
      error instanceof Refused
        ? error.message
        : "this model file is damaged; train it again with: matchmodel train",
    );
  }
  setModel(made);
}

// Pictures as SVG, drawn by hand; each gets the width it has, so that its text is never smaller than 12 px.

const SVG = "http://www.w3.org/2000/svg";

// An element with attributes and children; texts become text, never markup.
function element(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "path", "line", "circle", "text", "rect", "title"].includes(tag);
  const made = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const picture = (width, height, label, children) =>
  element(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    children,
  );

// --- a hundred people ------------------------------------------------------------------------------------

const PERSON =
  "M6 0a3 3 0 0 1 0 6a3 3 0 0 1 0-6M2.5 7h7a1.5 1.5 0 0 1 " +
  "1.5 1.5v5h-2v6.5h-6v-6.5h-2v-5a1.5 1.5 0 0 1 1.5-1.5z";

// Those who match, those who perhaps do (up to the high end of the range), and the others.
function peopleChart(chance, label) {
  const [sure, high] = [chance.point, chance.high].map((p) => Math.round(100 * p)),
    across = 20;
  const one = (i) =>
    element("path", {
      d: PERSON,
      class: i < sure ? "one" : i < high ? "maybe" : "none",
      transform: `translate(${(i % across) * 14.2 + 1} ${Math.floor(i / across) * 25 + 1})`,
    });
  return picture(
    across * 14.2,
    125,
    label,
    Array.from({ length: 100 }, (_, i) => one(i)),
  );
}

// --- curves ----------------------------------------------------------------------------------------------

function ticksTo(most, count) {
  const raw = most / count,
    size = 10 ** Math.floor(Math.log10(raw)),
    step = [1, 2, 5, 10].find((m) => m * size >= raw) * size;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

// series: [{ points: [{ x, point, low, high }], at: x of the dot }], the second one dashed.
// goal: a chance, as a line.
function curveChart({ width, height, series, xLabel, label, goal = null, every = null }) {
  const left = 40,
    right = 12,
    top = 12,
    bottom = 44;
  const xs = series.flatMap((s) => s.points.map((p) => p.x)),
    most = Math.max(...xs);
  const highest = Math.min(
    1,
    Math.ceil(10 * Math.max(...series.flatMap((s) => s.points.map((p) => p.high)), goal ?? 0) + 0.2) / 10,
  );
  const x = (value) => left + ((width - left - right) * value) / most,
    y = (p) => height - bottom - ((height - top - bottom) * p) / highest;
  const parts = [];
  for (const p of ticksTo(highest, 5)) {
    parts.push(element("line", { class: "grid", x1: left, x2: width - right, y1: y(p), y2: y(p) }));
    parts.push(
      element(
        "text",
        { class: "soft", x: left - 6, y: y(p) + 4, "text-anchor": "end" },
        `${Math.round(100 * p)}%`,
      ),
    );
  }
  for (const value of every
    ? Array.from({ length: Math.floor(most / every) + 1 }, (_, i) => i * every)
    : ticksTo(most, width > 450 ? 7 : 4)) {
    parts.push(
      element(
        "text",
        { class: "soft", x: x(value), y: height - bottom + 18, "text-anchor": "middle" },
        String(value),
      ),
    );
  }
  parts.push(element("line", { class: "axis", x1: left, x2: width - right, y1: y(0), y2: y(0) }));
  parts.push(
    element("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, xLabel),
  );
  if (goal !== null)
    parts.push(element("line", { class: "goal", x1: left, x2: width - right, y1: y(goal), y2: y(goal) }));
  series.forEach(({ points }, k) => {
    const ends = [...points.map((p) => [p.x, p.high]), ...[...points].reverse().map((p) => [p.x, p.low])];
    parts.push(
      element("path", {
        class: k ? "band second" : "band",
        d: pathOf(ends.map(([v, p]) => [x(v), y(p)])) + "z",
      }),
    );
  });
  series.forEach(({ points, at }, k) => {
    parts.push(
      element("path", {
        class: k ? "line second" : "line",
        d: pathOf(points.map((p) => [x(p.x), y(p.point)])),
      }),
    );
    const here = at === null || at === undefined ? null : along(points, at);
    if (here !== null)
      parts.push(element("circle", { class: k ? "dot second" : "dot", cx: x(at), cy: y(here), r: 6 }));
  });
  return picture(width, height, label, parts);
}

const pathOf = (points) => "M" + points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");

function along(points, at) {
  const next = points.findIndex((p) => p.x >= at);
  if (next < 0) return points.at(-1).point;
  if (next === 0 || points[next].x === at) return points[next].point;
  const [a, b] = [points[next - 1], points[next]];
  return a.point + ((b.point - a.point) * (at - a.x)) / (b.x - a.x);
}

// --- what helps and hurts --------------------------------------------------------------------------------

// Factors on the odds, each with its range, on a logarithmic scale around 'no change'.
function factorsChart(width, rows, label) {
  const reach = Math.max(
    Math.log(1.5),
    ...rows.map((r) => Math.max(Math.abs(Math.log(r.low)), Math.abs(Math.log(r.high)))),
  );
  const row = 40,
    top = 22,
    x = (ratio) => width / 2 + ((width / 2 - 12) * clip(Math.log(ratio), -reach, reach)) / reach;
  const height = top + rows.length * row + 4,
    parts = [
      element("text", { class: "soft", x: 0, y: 12 }, "hurts"),
      element("text", { class: "soft", x: width / 2, y: 12, "text-anchor": "middle" }, "no change"),
      element("text", { class: "soft", x: width, y: 12, "text-anchor": "end" }, "helps"),
      element("line", { class: "axis", x1: width / 2, x2: width / 2, y1: top - 4, y2: height }),
    ];
  rows.forEach((one, i) => {
    const y = top + i * row,
      clear = one.low > 1 || one.high < 1;
    parts.push(element("text", { class: "name", x: 0, y: y + 13 }, one.name));
    parts.push(
      element("line", {
        class: clear ? "bar" : "bar unclear",
        x1: x(one.low),
        x2: x(one.high),
        y1: y + 25,
        y2: y + 25,
      }),
    );
    parts.push(element("circle", { class: "dot", cx: x(one.ratio), cy: y + 25, r: 5 }));
  });
  return picture(width, height, label, parts);
}

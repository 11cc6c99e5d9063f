// An actor's timeline: positions as lines with their uncertainty, readings as marks, shifts as dashed lines.
"use strict";

(async () => {
  const box = document.getElementById("chart");
  if (!box || !window.uPlot) return;
  const actors = box.dataset.actors.split(" ").filter(Boolean);
  const lines = await Promise.all(actors.map(async (actor) => {
    const answer = await fetch(`/api/actors/${encodeURIComponent(actor)}/timeline?${box.dataset.query}`);
    return answer.ok ? answer.json() : { actor, name: actor, points: [], readings: [], changes: [] };
  }));
  const main = lines[0];
  const seconds = (time) => Date.parse(time) / 1000;
  const balance = (point) => point.favor - point.against;
  const spread = (point) => Math.sqrt(Math.max(0, point.favor + point.against - balance(point) ** 2));
  const dots = lines
    .flatMap((line, whose) => line.readings.map((one) => ({ at: seconds(one.time), y: one.favor - one.against, one, whose })))
    .sort((a, b) => a.at - b.at);
  const times = [...new Set([...lines.flatMap((line) => line.points.map((p) => seconds(p.at))), ...dots.map((d) => d.at)])].sort((a, b) => a - b);
  if (!times.length) {
    box.textContent = "Nothing to draw.";
    return;
  }

  // A position holds until the next one; while it is not known there is a gap.
  function fill(line, value) {
    const { points } = line;
    let i = -1;
    return times.map((time) => {
      while (i + 1 < points.length && seconds(points[i + 1].at) <= time) i += 1;
      return i < 0 || points[i].stance === "unknown" ? null : value(points[i]);
    });
  }

  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(`--${name}`).trim();
  let colours;
  function readColours() {
    colours = { favor: ink("favor"), against: ink("against"), neither: ink("unknown"), ink: ink("ink"), soft: ink("soft"), line: ink("line"), link: ink("link"), mixed: ink("mixed"), paper: ink("paper") };
  }
  readColours();
  const strokes = () => [colours.ink, colours.link, colours.mixed, colours.against, colours.favor, colours.soft];
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [1, 4]];

  const clip = (value) => Math.max(-1, Math.min(1, value));
  const series = [
    {},
    { label: "upper", stroke: "transparent", points: { show: false } },
    { label: "lower", stroke: "transparent", points: { show: false } },
    ...lines.map((line, i) => ({ label: line.name, stroke: () => strokes()[i % 6], width: 2, dash: dashes[i % 6], points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }) })),
  ];
  const data = [times, fill(main, (p) => clip(balance(p) + spread(p))), fill(main, (p) => clip(balance(p) - spread(p))), ...lines.map((line) => fill(line, balance))];

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "status");
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `${lines.map((l) => l.name).join(", ")} over time; arrow keys go from quote to quote, Enter opens one`);

  function mark(context, label, x, y, size) {
    context.beginPath();
    if (label === "favor") { context.moveTo(x, y - size); context.lineTo(x + size, y + size * 0.8); context.lineTo(x - size, y + size * 0.8); context.closePath(); }
    else if (label === "against") { context.moveTo(x, y + size); context.lineTo(x + size, y - size * 0.8); context.lineTo(x - size, y - size * 0.8); context.closePath(); }
    else context.arc(x, y, size * 0.75, 0, 7);
  }

  let current = -1;
  function draw(plot) {
    const context = plot.ctx;
    const scale = window.devicePixelRatio || 1;
    context.save();
    context.beginPath();
    context.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    context.clip();
    const labels = [];
    for (const line of lines) for (const change of line.changes) {
      if (change.kind === "first-position" || change.status === "retracted" || change.status === "closed") continue;
      const x = plot.valToPos(seconds(change.since), "x", true);
      context.strokeStyle = colours[change.after] || colours.soft;
      context.lineWidth = 1.5 * scale;
      context.setLineDash(change.status === "pending" ? [2 * scale, 4 * scale] : [6 * scale, 4 * scale]);
      context.beginPath();
      context.moveTo(x, plot.bbox.top);
      context.lineTo(x, plot.bbox.top + plot.bbox.height);
      context.stroke();
      context.setLineDash([]);
      labels.push([x, `${lines.length > 1 ? `${line.name} ` : ""}→ ${change.after}`]);
    }
    dots.forEach((dot, i) => {
      const x = plot.valToPos(dot.at, "x", true);
      const y = plot.valToPos(dot.y, "y", true);
      const rejected = dot.one.withdrawn || (dot.one.verdict && dot.one.verdict.what !== "correct");
      mark(context, dot.one.label, x, y, (i === current ? 7 : dot.whose ? 3.4 : 4.2) * scale);
      context.globalAlpha = rejected ? 0.3 : dot.one.counts ? 0.85 : 0.45;
      context.fillStyle = context.strokeStyle = colours[dot.one.label];
      context.lineWidth = 1.3 * scale;
      if (rejected || dot.one.label === "neither") context.stroke(); else context.fill();
      if (dot.whose) {
        // Whose mark it is: those of the compared have a ring in the colour and dash of their line.
        context.strokeStyle = strokes()[dot.whose % 6];
        context.setLineDash(dashes[dot.whose % 6].map((part) => part * scale * 0.3));
        context.beginPath();
        context.arc(x, y, (i === current ? 9.5 : 6.5) * scale, 0, 7);
        context.stroke();
        context.setLineDash([]);
      }
      context.globalAlpha = 1;
    });
    // Over the marks, on a rim of paper.
    context.font = `${11 * scale}px system-ui, sans-serif`;
    context.lineJoin = "round";
    labels.forEach(([x, label], told) => {
      const width = context.measureText(label).width;
      const right = plot.bbox.left + plot.bbox.width;
      const place = [x + 4 * scale + width > right ? x - width - 4 * scale : x + 4 * scale, plot.bbox.top + (12 + 14 * (told % 4)) * scale];
      context.strokeStyle = colours.paper;
      context.lineWidth = 4 * scale;
      context.strokeText(label, ...place);
      context.fillStyle = colours.ink;
      context.fillText(label, ...place);
    });
    context.restore();
  }

  const when = (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const words = { favor: "▲ in favor", against: "▼ against", neither: "○ no stance" };
  function show(i, plot) {
    current = i;
    plot.redraw(false);
    if (i < 0) { tip.hidden = true; return; }
    const { at, y, one } = dots[i];
    const parts = [["strong", lines.length > 1 && one.speaker_name !== one.actor_name ? `${one.speaker_name}, ${one.actor_name}` : one.speaker_name, ""], ["span", `“${one.quote}”`, "words"], ["span", `${words[one.label]} · ${one.outlet}, ${when(one.time)}`, ""]];
    tip.replaceChildren(...parts.map(([tag, text, kind]) => {
      const part = document.createElement(tag);
      part.textContent = text;
      part.className = kind;
      part.dir = "auto";
      return part;
    }));
    tip.hidden = false;
    const over = plot.over.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    const left = plot.valToPos(at, "x") + over.left - frame.left;
    const top = plot.valToPos(y, "y") + over.top - frame.top;
    tip.style.left = `${Math.max(0, Math.min(left + 12, frame.width - tip.offsetWidth))}px`;
    tip.style.top = `${top > frame.height / 2 ? Math.max(0, top - tip.offsetHeight - 14) : top + 14}px`;
  }

  function nearest(plot, left, top) {
    let best = -1;
    let least = 18 ** 2;
    dots.forEach((dot, i) => {
      const distance = (plot.valToPos(dot.at, "x") - left) ** 2 + (plot.valToPos(dot.y, "y") - top) ** 2;
      if (distance < least) { least = distance; best = i; }
    });
    return best;
  }

  const axis = { stroke: () => colours.soft, grid: { stroke: () => colours.line, width: 1 }, ticks: { stroke: () => colours.line, width: 1 }, font: "12px system-ui, sans-serif" };
  const size = () => ({ width: box.clientWidth, height: box.clientHeight - (lines.length > 1 ? 34 : 4) });
  const plot = new uPlot({
    ...size(),
    tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
    padding: [10, 14, 0, 0],
    legend: { show: lines.length > 1, live: false },
    cursor: { points: { show: false }, y: false, drag: { x: true, y: false } },
    scales: { y: { range: [-1.08, 1.08] } },
    series,
    bands: [{ series: [1, 2], fill: () => `color-mix(in srgb, ${colours.soft} 14%, transparent)` }],
    axes: [axis, { ...axis, splits: () => [-1, 0, 1], values: () => ["against", "mixed", "in favor"], size: 66 }],
    hooks: {
      draw: [draw],
      setCursor: [(one) => {
        const { left, top } = one.cursor;
        const i = left < 0 ? -1 : nearest(one, left, top);
        if (i !== current && !(left < 0 && document.activeElement === box)) show(i, one);
      }],
    },
  }, data, box);
  box.append(tip);
  plot.root.querySelectorAll(".u-series").forEach((row) => { if (!lines.some((line) => line.name === row.textContent.trim())) row.remove(); });
  plot.over.addEventListener("click", () => { if (current >= 0) location.href = `/readings/${dots[current].one.id}`; });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const step = event.key === "ArrowRight" ? 1 : -1;
      show(current < 0 ? (step > 0 ? 0 : dots.length - 1) : Math.max(0, Math.min(dots.length - 1, current + step)), plot);
      event.preventDefault();
    } else if (event.key === "Enter" && current >= 0) location.href = `/readings/${dots[current].one.id}`;
    else if (event.key === "Escape") show(-1, plot);
  });
  box.addEventListener("blur", () => show(-1, plot));
  new ResizeObserver(() => plot.setSize(size())).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); plot.redraw(); });
  box.dataset.drawn = String(dots.length);
})();

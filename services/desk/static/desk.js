// Keeps the page up to date and lets a click judge without leaving it. Everything here also works without it.
"use strict";

const csrf = document.querySelector('meta[name="csrf"]')?.content;
const toast = document.getElementById("toast");

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  toast.append(line);
  setTimeout(() => line.remove(), 7000);
}

async function refresh(part) {
  // Somebody is being asked something there.
  if (part.querySelector("[data-said] button")) return;
  const answer = await fetch(part.dataset.src, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const known = new Set([...part.querySelectorAll("[id]")].map((one) => one.id));
  const focus = document.activeElement;
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  const place = part.contains(focus) ? [...part.querySelectorAll("a, button, summary")].indexOf(focus) : -1;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  part.replaceChildren(...next.body.childNodes);
  part.querySelectorAll("details").forEach((one, i) => { one.open = open[i] ?? false; });
  if (place >= 0) part.querySelectorAll("a, button, summary")[place]?.focus();
  const fresh = [...part.querySelectorAll(".card[id]")].filter((one) => !known.has(one.id));
  for (const one of fresh) one.classList.add("fresh");
  if (known.size && fresh.length) say(`New: ${fresh[0].querySelector(".who").textContent}, ${fresh[0].querySelector(".pill").textContent.toLowerCase()}`);
}

function listen() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length) return;
  const due = new Map();
  const news = new EventSource("/live");
  let dropped = false;
  news.addEventListener("news", (event) => {
    const kinds = JSON.parse(event.data);
    for (const part of parts) {
      if (!part.dataset.live.split(" ").some((kind) => kinds.includes(kind)) || due.has(part)) continue;
      // Positions move by the dozen, alerts do not: an alert is shown at once.
      const wait = kinds.includes("alerts") || kinds.includes("verdicts") ? 0 : 1000;
      due.set(part, setTimeout(() => refresh(part).finally(() => due.delete(part)), wait));
    }
  });
  news.addEventListener("error", () => { dropped = true; });
  news.addEventListener("open", () => {
    document.documentElement.dataset.listening = "";
    if (dropped) parts.forEach(refresh);
    dropped = false;
  });
}

async function post(path, word) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": csrf },
    body: JSON.stringify(word),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
}

// The click was enough; who has a second more may say what the stance is.
function ask(path) {
  return [["favor", "▲ in favor"], ["against", "▼ against"], ["neither", "○ no stance"]].map(([stance, words]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `it is ${words}`;
    button.addEventListener("click", async () => {
      try {
        await post(path, { what: "wrong-stance", stance });
        button.parentElement.querySelectorAll("button").forEach((one) => one.remove());
        say(`Noted: ${words}.`);
      } catch (error) {
        say(`Not noted: ${error.message}`);
      }
    });
    return button;
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest(".judge form");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const judge = form.closest(".judge");
  const what = event.submitter.value;
  const path = `/api/${judge.dataset.judge}s/${judge.dataset.id}/verdicts`;
  const buttons = form.querySelectorAll("button");
  buttons.forEach((one) => { one.disabled = true; });
  try {
    await post(path, { what });
    const said = document.createElement("span");
    said.className = `verdict ${what}`;
    said.textContent = what === "correct" ? "✓ Correct" : `✗ ${event.submitter.textContent.trim()}`;
    judge.querySelector("[data-said]").replaceChildren(said, ...(what === "wrong-stance" && judge.dataset.judge === "reading" ? ask(path) : []));
    say(`Noted: ${event.submitter.textContent.trim().toLowerCase()}. Positions follow.`);
  } catch (error) {
    say(`Not noted: ${error.message}`);
  } finally {
    buttons.forEach((one) => { one.disabled = false; });
    if (document.activeElement === document.body) event.submitter.focus();
  }
});

listen();

// Keeps pages live and saves a few clicks. All can be read without it.
"use strict";
document.documentElement.classList.add("scripted");

// here is where the browser is, for a form that leads back.
function mark(root) {
  for (const field of root.querySelectorAll("[data-here]")) field.value = location.pathname + location.search;
}
mark(document);

// Filters act when they change.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit], input[data-submit]")) event.target.form.requestSubmit();
});

// Copies get a button, and close when something else is used.
function copies(root) {
  for (const sheet of root.querySelectorAll(".sheet")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const text = sheet.querySelector("pre").textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(sheet.querySelector("pre"));
        button.textContent = "Selected: copy it with the keyboard";
      }
    });
    sheet.append(button);
  }
}
copies(document);
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".copy[open]")) if (!open.contains(event.target)) open.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  hideTip();
  for (const open of document.querySelectorAll(".copy[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// Values of expressions show beside what has the pointer or the focus.
const tip = document.createElement("div");
tip.className = "tip";
tip.id = "tip";
tip.role = "tooltip";
tip.hidden = true;
document.body.append(tip);
let shown = null;

function showTip(value) {
  hideTip();
  shown = value;
  if (value.title) {
    value.dataset.title = value.title;
    value.removeAttribute("title");
  }
  tip.textContent = value.dataset.value;
  tip.hidden = false;
  value.setAttribute("aria-describedby", "tip");
  placeTip();
}
function placeTip() {
  const at = shown.getClientRects()[0];
  const left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8));
  const below = at.bottom + 6 + tip.offsetHeight < innerHeight;
  tip.style.left = left + "px";
  tip.style.top = (below ? at.bottom + 6 : at.top - tip.offsetHeight - 6) + "px";
}
function hideTip() {
  tip.hidden = true;
  if (shown) shown.removeAttribute("aria-describedby");
  shown = null;
}
for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => {
    const value = event.target.closest && event.target.closest(".value");
    if (value) showTip(value);
    else if (name === "pointerover" && shown && shown !== document.activeElement) hideTip();
  });
}
document.addEventListener("focusout", hideTip);
document.addEventListener("scroll", () => {
  if (shown && shown === document.activeElement) placeTip(); // the focus itself scrolls
  else hideTip();
}, true);

// A link to a step unfolds it; one to a line unfolds its document.
function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target) target.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", unfold);
unfold();
// What decided is seen in the policy at once.
for (const line of document.querySelectorAll(".code tr.decided")) {
  const box = line.closest(".code");
  box.scrollTop = line.offsetTop - box.clientHeight / 3;
}

// The list is live: rows come in as they are drawn by the server.
const list = document.querySelector("[data-events]");
const rows = document.getElementById("rows");
let waiting = [];
function insert() {
  const most = Number(list.dataset.most);
  const holder = document.createElement("template");
  holder.innerHTML = waiting.reverse().join("");
  waiting = [];
  const fresh = [...holder.content.querySelectorAll("tr")].filter((row) => !document.getElementById(row.id));
  if (fresh.length === 0) return;
  for (const row of fresh) row.classList.add("new");
  rows.prepend(...fresh);
  while (rows.children.length > most) rows.lastElementChild.remove();
  const count = document.getElementById("matching");
  count.textContent = Number(count.textContent) + fresh.length;
  const total = document.getElementById("total");
  if (total) total.textContent = Number(total.textContent) + fresh.length;
  document.getElementById("empty").hidden = true;
}

// What is drawn of files is drawn again when they have been read again.
async function refresh() {
  const part = document.querySelector("[data-reload]");
  if (!part) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("main").replaceChildren(...fresh.getElementById("main").childNodes);
}

if (document.querySelector(".top")) {
  const events = new EventSource(list ? list.dataset.events : "/events?status=none");
  const state = document.getElementById("live");
  events.addEventListener("open", () => { if (state) state.dataset.state = "on"; });
  events.addEventListener("error", () => { if (state) state.dataset.state = "off"; });
  events.addEventListener("rows", (event) => {
    if (!list) return;
    if (waiting.length === 0) requestAnimationFrame(insert);
    waiting.push(JSON.parse(event.data).html);
    if (waiting.length > Number(list.dataset.most)) waiting.shift(); // nobody looks
  });
  events.addEventListener("reload", (event) => {
    const fault = JSON.parse(event.data).fault;
    const notice = document.getElementById("notice");
    notice.hidden = !fault;
    notice.querySelector("pre").textContent = fault;
    refresh();
  });
}

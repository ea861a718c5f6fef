/** Rows of the panel's pane: a service, an invoice, a call. */

import { clockTime, money } from "./dates.js";
import { h } from "./dom.js";

const WORDS = {
  pending_setup: "pending", failed_setup: "setup failed", failed_renew: "renewal failed",
};
const LOOKS = {
  active: "good", paid: "good", suspended: "warn", overdue: "bad", failed_setup: "bad",
  failed_renew: "bad",
};
const ENDED = ["canceled", "refunded"];

const amount = ({ amount: minor, currency }) => money(minor, currency, "en");
const pill = (status) => h("span", { class: `pill ${LOOKS[status] ?? ""}` }, WORDS[status] ?? status);
const small = (label, act) => h("button", { type: "button", class: "small", on: { click: act } }, label);

/** @param {string} text the panel's local time, 2026-11-23 12:00:00 @returns {string} */
function day(text) {
  const date = new Date(text.replace(" ", "T"));
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** @returns {HTMLElement} */
export function serviceRow(row, { turn, moveDate }) {
  const about = [row.domain, row.period ? `${amount(row.price)} / ${row.period}` : amount(row.price)];
  const can = { active: "Suspend", suspended: "Resume" }[row.status];
  return h("article", { class: `item service${row.addon ? " addon" : ""}`, data: { id: row.id, status: row.status } },
    h("div", { class: "line" }, h("strong", {}, row.name), pill(row.status)),
    h("p", { class: "faint" }, about.filter(Boolean).join(" · ")),
    ENDED.includes(row.status) ? null : h("div", { class: "line" },
      dateField(row, moveDate), can ? small(can, () => turn(row)) : null));
}

/** The day on which a service ends; another one is sent as soon as it is chosen. */
function dateField(row, moveDate) {
  if (!row.expires_at) return h("span", { class: "faint" }, "no end");
  const value = row.expires_at.slice(0, 10);
  const input = h("input", { type: "date", value, required: true, "aria-label": `End of ${row.name}` });
  const send = () => { if (input.value && input.value !== value) moveDate(row, input.value); };
  // While somebody types, a date is whole for a moment before it is what they mean.
  input.addEventListener("blur", send);
  input.addEventListener("keydown", ({ key }) => { if (key === "Enter") send(); });
  let typing = false;
  input.addEventListener("keydown", () => { typing = true; });
  input.addEventListener("change", () => { if (!typing) send(); });
  return input;
}

/** @returns {HTMLElement} */
export function invoiceRow(row, { pay }) {
  const when = row.open && row.due_at ? `due ${day(row.due_at)}` : row.paid_at ? `paid ${day(row.paid_at)}` : "";
  return h("article", { class: "item bill", data: { id: row.id, status: row.status } },
    h("div", { class: "line" }, h("strong", {}, row.number), pill(row.status), h("b", {}, amount(row.total))),
    h("div", { class: "line" },
      h("p", { class: "faint" }, [row.about, when].filter(Boolean).join(" · ")),
      row.open ? small("Pay", () => pay(row)) : null));
}

/** @returns {HTMLElement} */
export function callRow(row) {
  const failed = !["ok", "running"].includes(row.outcome);
  const times = row.times > 1 ? h("span", { class: "times" }, `×${row.times}`) : null;
  const words = { running: "…", lost: "no answer" };
  const outcome = row.outcome === "ok" ? null
    : h("span", { class: failed ? "error" : "faint" }, words[row.outcome] ?? `${row.code}: ${row.outcome}`);
  const [role, module, method] = row.path.split("/");
  return h("article", { class: `call${row.writes ? " writes" : ""}${failed ? " failed" : ""}`, data: { path: row.path } },
    h("time", { datetime: row.at }, clockTime(new Date(row.at))),
    h("span", { class: "what" },
      h("code", {}, h("span", { class: "faint" }, `${role}/${module}/`), method ?? ""), times,
      row.writes ? h("span", { class: "mark-write" }, "write") : null,
      row.about ? h("span", { class: "params" }, row.about) : null, outcome));
}

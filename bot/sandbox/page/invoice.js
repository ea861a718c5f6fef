/** An invoice's card and the dialogue that pays it with a card that does not exist. */

import { money } from "./dates.js";
import { openDialog } from "./dialogs.js";
import { h, icon } from "./dom.js";

/**
 * The invoice inside its bubble.
 * @param {object} invoice title, description, currency, total_amount
 * @param {string} language
 * @returns {HTMLElement}
 */
export function invoiceCard(invoice, language) {
  return h("div", { class: "invoice" },
    h("h3", {}, invoice.title),
    h("p", {}, invoice.description),
    h("p", { class: "total" },
      h("strong", {}, money(invoice.total_amount, invoice.currency, language)), " TEST INVOICE"));
}

/**
 * The keyboard an invoice has: its own, whose first button pays, or one Pay button; once paid,
 * Telegram turns that button into the receipt.
 * @returns {Array<Array<object>>}
 */
export function invoiceKeyboard(message, { language, paid }) {
  const { invoice } = message;
  const total = money(invoice.total_amount, invoice.currency, language);
  const rows = (message.reply_markup?.inline_keyboard ?? []).map((row) => [...row]);
  const first = rows[0]?.[0] ?? {};
  if (!rows.length) rows.push([first]);
  // The API's default label names the amount as 12.34 PLN; applications write it in their language.
  const neutral = `Pay ${(invoice.total_amount / 100).toFixed(2)} ${invoice.currency}`;
  const label = !first.text || first.text === neutral ? `Pay ${total}` : first.text;
  rows[0][0] = { ...first, pay: true, text: paid ? "Receipt" : label };
  return rows;
}

/**
 * Opens the checkout of an invoice.
 * @param {object} message
 * @param {{language: string, botName: string, paid: boolean}} about
 * @param {function("pay"|"fail"): Promise<{state: string, error?: string}>} pay
 */
export function openPayment(message, about, pay) {
  const { invoice } = message;
  const total = money(invoice.total_amount, invoice.currency, about.language);
  const result = h("div", { class: "result", role: "status" });
  const actions = h("div", { class: "actions" });
  const dialog = openDialog({ kind: "payment", label: about.paid ? "Receipt" : "Checkout" },
    h("header", {}, h("h3", {}, about.paid ? "Receipt" : "Checkout"), closer()),
    h("h4", {}, invoice.title), h("p", {}, invoice.description),
    h("dl", {}, ...line("Total", total), ...line("To", about.botName),
      ...line("Card", "Test card •••• 4242")),
    result, actions);
  if (about.paid) return showResult({ state: "paid" }, { result, actions, dialog });
  const run = async (outcome) => {
    dialog.classList.add("busy");
    actions.replaceChildren(h("span", { class: "spinner" }), h("span", {}, "Waiting for the bot…"));
    const answer = await pay(outcome).catch((error) => ({ state: "failed", error: error.message }));
    dialog.classList.remove("busy");
    showResult(answer, { result, actions, dialog });
  };
  const fail = h("button", { type: "button", class: "flat let-fail", on: { click: () => run("fail") } }, "Let it fail");
  const go = h("button", { type: "button", class: "filled pay", autofocus: true, on: { click: () => run("pay") } }, `Pay ${total}`);
  actions.append(fail, go);
  return undefined;
}

function line(name, value) {
  return [h("dt", {}, name), h("dd", {}, value)];
}

function closer() {
  return h("button", {
    type: "button", class: "round", "aria-label": "Close",
    on: { click: (event) => event.currentTarget.closest("dialog").close() },
  }, icon("cross"));
}

const REASONS = { failed: "The card was declined.", refused: "The bot refused the payment." };

function showResult({ state, error }, { result, actions, dialog }) {
  const paid = state === "paid";
  result.dataset.state = state;
  result.replaceChildren(icon(paid ? "check" : "cross"),
    h("span", {}, paid ? "Paid" : error || REASONS[state] || "The payment did not go through."));
  const done = h("button", { type: "button", class: "filled", on: { click: () => dialog.close() } }, paid ? "Done" : "Close");
  actions.replaceChildren(done);
  done.focus();
}

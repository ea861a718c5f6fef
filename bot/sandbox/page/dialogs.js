/** Modal boxes. A native <dialog> keeps the focus inside and closes on Escape by itself. */

import { h } from "./dom.js";

/**
 * Opens a modal; it leaves the page when closed.
 * @param {{kind: string, label: string}} what class and accessible name
 * @param {...Node} children
 * @returns {HTMLDialogElement}
 */
export function openDialog({ kind, label }, ...children) {
  const dialog = h("dialog", { class: kind, role: "dialog", "aria-label": label }, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !dialog.classList.contains("busy")) dialog.close();
  });
  dialog.addEventListener("cancel", (event) => {
    if (dialog.classList.contains("busy")) event.preventDefault();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * An alert of a callback answer.
 * @param {string} title the bot's name
 * @param {string} text
 */
export function showAlert(title, text) {
  const ok = h("button", { type: "button", class: "flat", autofocus: true }, "OK");
  const dialog = openDialog(
    { kind: "alert", label: title },
    h("h3", {}, title), h("p", {}, text), h("div", { class: "actions" }, ok),
  );
  ok.addEventListener("click", () => dialog.close());
}

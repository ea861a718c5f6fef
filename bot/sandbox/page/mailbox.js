/** The mailbox below the people: every e-mail that the bot has sent, whoever it is to. */

import { getMails } from "./api.js";
import { find, h } from "./dom.js";

const LOOK_MS = 1000;

/** Shows what comes; the mailbox stays hidden where the sandbox has none. */
export async function followMailbox() {
  let shown = 0;
  for (;;) {
    try {
      const mails = await getMails();
      find(".mailbox").hidden = false;
      if (mails.length !== shown) show(mails);
      shown = mails.length;
    } catch (error) {
      if (error.status === 404) return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function show(mails) {
  find(".no-mails").hidden = mails.length > 0;
  find(".mails").replaceChildren(...mails.map(({ to, subject, text }, place) =>
    h("details", place === 0 ? { open: "" } : {},
      h("summary", {}, h("strong", {}, subject), h("small", {}, to)),
      h("p", {}, text))));
}

/** The second pane: what the panel holds of a client, its log of calls, and ways to break it. */

import { getPanelClient, panelApi } from "./api.js";
import { find, h } from "./dom.js";
import { money } from "./dates.js";
import { callRow, invoiceRow, serviceRow } from "./panel_rows.js";
import { Rows } from "./rows.js";
import { toast } from "./toast.js";

const BREAKAGES = {
  whole: ["Works", "It answers as it should."],
  down: ["Down", "No call is answered and nothing happens."],
  slow: ["Slow", "Every call takes three seconds longer."],
  answer_lost: ["Answer lost", "Writes take effect, and the connection breaks before their answer."],
  times_out: ["Times out", "Writes take effect at once; twenty seconds later the connection breaks."],
  maintenance: ["Maintenance", "Guests and clients are kept out, the staff's API answers."],
  rate_limit: ["Rate limit", "The calls of this hour are used up."],
};

/** Follows one client of the panel; stays hidden where the sandbox has no panel. */
export class PanelPane {
  #pane = find(".panel");
  #toggle = find(".panel-toggle");
  #choice = find(".panel-client");
  #client = null;
  #currency = "PLN";
  #stop = () => {};
  #seen = null;
  #invoices = new Rows(find(".panel .invoices"), (row) => invoiceRow(row, this.#acts()));
  #services = new Rows(find(".panel .services"), (row) => serviceRow(row, this.#acts()));
  #calls = new Rows(find(".panel .calls"), callRow);

  constructor() {
    this.#toggle.addEventListener("click", () => this.#open(true));
    find(".panel-back").addEventListener("click", () => this.#open(false));
    this.#choice.addEventListener("change", () => this.#follow(Number(this.#choice.value)));
    find(".breakages").replaceChildren(...Object.entries(BREAKAGES).map(([name, [label]]) => this.#breakage(name, label)));
    find(".add-balance").addEventListener("submit", (event) => this.#addBalance(event));
  }

  /** @param {object} person whose client the pane shows */
  async show(person) {
    this.#open(false);
    try {
      const { client } = await getPanelClient(person.id);
      this.#setAvailable(true);
      if (client !== this.#client) this.#follow(client);
    } catch (error) {
      if (error.status === 404) this.#setAvailable(false);
      else toast(error.message);
    }
  }

  #follow(client) {
    this.#stop();
    this.#client = client;
    for (const rows of [this.#invoices, this.#services]) rows.clear();
    this.#seen = null;
    this.#stop = panelApi.listen(client, (state) => this.#update(state), (open) => {
      if (!open) this.#say("connecting…");
    });
  }

  #update(state) {
    this.#currency = state.balance.currency;
    this.#choose(state.clients);
    this.#breakageIs(state.breakage);
    find(".panel .balance").textContent = money(state.balance.amount, state.balance.currency, "en");
    this.#invoices.update(state.invoices);
    this.#services.update(state.services);
    this.#calls.update(state.calls);
    find(".no-calls").hidden = state.calls.length > 0;
    this.#mark(JSON.stringify([state.invoices, state.services, state.balance]));
  }

  #choose(clients) {
    const known = [...this.#choice.options].map((option) => option.value).join();
    if (known !== clients.map(({ id }) => String(id)).join()) {
      this.#choice.replaceChildren(...clients.map(({ id, name }) => h("option", { value: id }, name)));
    }
    this.#choice.value = String(this.#client);
  }

  /** A dot on the button while the pane is closed and something in it has changed. */
  #mark(seen) {
    const news = this.#seen !== null && this.#seen !== seen;
    this.#seen = seen;
    if (news && !document.body.classList.contains("panel-open")) find(".panel-toggle .news").hidden = false;
  }

  #breakage(name, label) {
    return h("button", {
      type: "button", role: "radio", data: { breakage: name }, "aria-checked": "false",
      on: { click: () => this.#do(panelApi.break(name)) },
    }, label);
  }

  #breakageIs(current) {
    for (const button of document.querySelectorAll(".breakages button")) {
      button.setAttribute("aria-checked", String(button.dataset.breakage === current));
    }
    const [label, note] = BREAKAGES[current];
    const broken = current !== "whole";
    this.#pane.classList.toggle("broken", broken);
    this.#toggle.classList.toggle("broken", broken);
    find(".breakage-note").textContent = note;
    this.#say(broken ? `stand-in · ${label.toLowerCase()}` : "stand-in · works");
  }

  #acts() {
    return {
      pay: (row) => this.#do(panelApi.pay(row.id)),
      turn: (row) => this.#do(panelApi.turn(row.id)),
      moveDate: (row, day) => this.#do(panelApi.moveDate(row.id, day)),
    };
  }

  #addBalance(event) {
    event.preventDefault();
    const amount = Math.round(Number(event.currentTarget.querySelector("input").value) * 100);
    if (amount) this.#do(panelApi.addBalance(this.#client, amount));
  }

  #say(text) {
    find(".panel-state").textContent = text;
  }

  #open(open) {
    document.body.classList.toggle("panel-open", open);
    if (open) find(".panel-toggle .news").hidden = true;
  }

  #setAvailable(available) {
    this.#pane.hidden = !available;
    this.#toggle.hidden = !available;
    document.body.classList.toggle("has-panel", available);
  }

  async #do(promise) {
    try {
      await promise;
    } catch (error) {
      toast(error.message);
    }
  }
}

/** Puts the page together and follows the address: #1001 is the person with that id. */

import { getPeople } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { SandboxTime } from "./dates.js";
import { find } from "./dom.js";
import { MessageLog } from "./log.js";
import { followMailbox } from "./mailbox.js";
import { PanelPane } from "./panel.js";
import { addressOf, markPerson, showPeople, TimeMachine } from "./sidebar.js";
import { clearToasts, toast } from "./toast.js";

const RETRY_MS = 1500;

/** Reads `#1001`, `#1001?start=CODE`, or a person in a group: `#1009@-100`. */
function readAddress() {
  const [address, query] = location.hash.slice(1).split("?");
  return { address, startCode: new URLSearchParams(query).get("start") };
}

async function loadPeople() {
  for (;;) {
    try {
      return await getPeople();
    } catch (error) {
      toast(`The sandbox does not answer: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function start() {
  const time = new SandboxTime();
  const log = new MessageLog();
  let conversation = null;
  const composer = new Composer((text) => conversation?.send(text));
  const machine = new TimeMachine(time, () => log.relabel());
  const views = { log, composer, time, onClock: () => { log.relabel(); machine.refresh(); } };
  const people = await loadPeople();
  showPeople(people);
  followMailbox();
  const pane = new PanelPane();

  const open = () => {
    const { address, startCode } = readAddress();
    const person = people.find((one) => addressOf(one) === address) ?? people[0];
    if (addressOf(person) !== address) history.replaceState(null, "", `#${addressOf(person)}`);
    conversation?.close();
    clearToasts();
    document.body.classList.remove("people-open");
    markPerson(person);
    conversation = new Conversation(person, views, startCode);
    pane.show(person);
    composer.focus();
  };
  window.addEventListener("hashchange", open);
  find(".people-list").addEventListener("click", () => document.body.classList.remove("people-open"));
  find(".back").addEventListener("click", () => document.body.classList.add("people-open"));
  find(".block").addEventListener("click", () => {
    find("#more-menu").hidePopover();
    conversation?.toggleBlock();
  });
  open();
}

start();

/** The person's side of the sandbox over HTTP: what one can ask, do and listen to. */

const EVENTS = ["snapshot", "message", "deleted", "toast", "commands", "clock", "payment", "typing"];
const RETRY_MS = 500;

async function request(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const reason = answer.description ?? answer.error ?? answer.detail ?? response.statusText;
    throw Object.assign(new Error(String(reason)), { status: response.status });
  }
  return answer;
}

/** @returns {Promise<Array<object>>} who one can be */
export const getPeople = () => request("GET", "/sandbox/people");

/** @returns {Promise<{now: string, next_reminder_at: ?string}>} */
export const getClock = () => request("GET", "/sandbox/clock");

/** @returns {Promise<Array<{to: string, subject: string, text: string}>>} the newest first */
export const getMails = () => request("GET", "/sandbox/mails");

/**
 * Moves the sandbox's time.
 * @param {{hours?: number, days?: number, to?: string}} step
 * @returns {Promise<{now: string, next_reminder_at: ?string}>}
 */
export const moveClock = (step) => request("POST", "/sandbox/clock", step);

/**
 * What one person can do in the chat with the bot, or in the group.
 * @param {number} userId
 * @param {number} [chatId] of the group
 */
export function personApi(userId, chatId) {
  const query = chatId ? `?chat=${chatId}` : "";
  const act = (verb, body) => request("POST", `/sandbox/chats/${userId}/${verb}${query}`, body);
  return {
    /** @param {string} text @param {number} [replyTo] the message replied to */
    send: (text, replyTo) => act("send", replyTo ? { text, reply_to: replyTo } : { text }),
    /** @returns {Promise<{callback_query_id: string}>} */
    tap: (messageId, row, column) => act("tap", { message_id: messageId, row, column }),
    /** @returns {Promise<{state: string, error?: string}>} */
    pay: (messageId, outcome) => act("pay", { message_id: messageId, outcome }),
    block: () => act("block", {}),
    unblock: () => act("unblock", {}),
    listen: (listeners, onState) => listen(`chats/${userId}/events${query}`, EVENTS, listeners, onState),
  };
}

/** @param {number} userId @returns {Promise<{client: number}>} whom the panel knows them as */
export const getPanelClient = (userId) => request("GET", `/sandbox/panel/?person=${userId}`);

const change = (path, body = {}) => request("POST", `/sandbox/panel/${path}`, body);

/** What people do in the panel itself, and how it is broken. */
export const panelApi = {
  pay: (invoice) => change(`invoices/${invoice}/pay`),
  /** @param {number} service @param {string} day 2026-11-23 */
  moveDate: (service, day) => change(`services/${service}/date`, { day }),
  turn: (service) => change(`services/${service}/turn`),
  /** @param {number} client @param {number} amount in minor units */
  addBalance: (client, amount) => change(`clients/${client}/balance`, { amount }),
  break: (breakage) => change("breakage", { breakage }),
  listen: (client, onPanel, onState) =>
    listen(`panel/clients/${client}/events`, ["panel"], { panel: onPanel }, onState),
};

/**
 * Follows a stream of events, for ever. A browser gives up for good when a connection is refused (the
 * sandbox being restarted), so connecting again is not left to it.
 * @returns {function(): void} stops listening
 */
function listen(path, names, listeners, onState) {
  let source;
  let timer;
  const open = () => {
    source = new EventSource(`/sandbox/${path}`);
    source.addEventListener("open", () => onState(true));
    source.addEventListener("error", () => {
      onState(false);
      source.close();
      timer = setTimeout(open, RETRY_MS);
    });
    for (const name of names) {
      source.addEventListener(name, (event) => listeners[name]?.(JSON.parse(event.data)));
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

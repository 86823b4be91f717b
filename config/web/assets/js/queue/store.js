// Entries that wait on this device, in IndexedDB: one row an entry, in the order in which they were made, each under the
// person who typed it. `durability: strict` has the row on the disk before the form is emptied.
//   {id, person, visit, page, url, what, fields, words, at, typed, pressed, state, since, refused}
//   state: "sending" (on its way from a page), "waiting", "refused" (the clinic said no: `refused` has its words)
const ROWS = "entries";
let opening = null;

// Names the store, and the channel on which the tabs tell each other that it changed.
const NAME = "desk.entries";
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
const listeners = new Set();

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const rows = asked.result.createObjectStore(ROWS, { keyPath: "order", autoIncrement: true });
      rows.createIndex("id", "id", { unique: true });
      rows.createIndex("person", "person");
    };
    asked.onsuccess = () => {
      asked.result.onclose = forget;
      asked.result.onversionchange = () => {
        asked.result.close();
        forget();
      };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

function forget() {
  opening = null;
}

/** One transaction; `act(rows, found)` hands over with `found(value)` what it resolves to. */
async function once(mode, act) {
  const transaction = (await open()).transaction(ROWS, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    let value = null;
    transaction.oncomplete = () => resolve(value);
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore(ROWS), (found) => {
      value = found;
    });
  });
}

async function inStore(mode, act) {
  try {
    return await once(mode, act);
  } catch {
    // The browser may have dropped the connection while the tablet slept; a second failure is a real one.
    forget();
    return once(mode, act);
  }
}

function changed() {
  for (const listener of listeners) listener();
  channel?.postMessage("changed");
}

/** Runs `listener` after each change, in whichever tab it was made. */
export function onChange(listener) {
  listeners.add(listener);
  channel?.addEventListener("message", listener);
}

/** Keeps the entry; under the place that it has already, if it was kept before. Resolves to its earlier state or null. */
export async function put(entry) {
  const before = await inStore("readwrite", (rows, found) => {
    rows.index("id").get(entry.id).onsuccess = ({ target: { result } }) => {
      found(result?.state ?? null);
      rows.put(result ? { ...entry, order: result.order } : entry);
    };
  });
  changed();
  return before;
}

/** Changes some of an entry that is still there. */
export async function change(id, changes) {
  await inStore("readwrite", (rows) => {
    rows.index("id").get(id).onsuccess = ({ target: { result } }) => {
      if (result) rows.put({ ...result, ...changes });
    };
  });
  changed();
}

/** All that this person made here and is not known to be stored by the clinic, oldest first. */
export function entriesOf(person) {
  return inStore("readonly", (rows, found) => {
    rows.index("person").getAll(person).onsuccess = ({ target: { result } }) => found(result);
  });
}

export async function remove(...ids) {
  await inStore("readwrite", (rows) => {
    for (const id of ids) {
      rows.index("id").getKey(id).onsuccess = ({ target: { result } }) => {
        if (result !== undefined) rows.delete(result);
      };
    }
  });
  changed();
}

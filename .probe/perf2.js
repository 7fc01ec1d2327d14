"use strict";

// lib/client/client.ts
var import_rxjs16 = require("rxjs");

// lib/connection/clock.ts
var systemClock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay).unref();
    return {
      hold: () => timer.ref(),
      release: () => timer.unref(),
      cancel: () => clearTimeout(timer)
    };
  }
};

// lib/connection/commands.ts
var import_rxjs2 = require("rxjs");

// lib/protocol/limits.ts
var IPC_VERSION = 1;
var DEFAULT_PORT = 7373;
var DEFAULT_MAX_FRAME_BYTES = 32 * 1024 * 1024;
var MAX_DEPTH = 16;
var BYTES_PER_VALUE = 4;
var MAX_TIMEOUT = 2 ** 31 - 1;
var HANDSHAKE_REQUIRED = "Handshake required";
var AUTH_REQUIRED = "Authentication required";
var CODES = /* @__PURE__ */ new Map([
  [AUTH_REQUIRED, "AUTH_REQUIRED"],
  ["Invalid authentication token", "INVALID_AUTH_TOKEN"],
  [HANDSHAKE_REQUIRED, "HANDSHAKE_REQUIRED"],
  ["Monitor already exists", "MONITOR_EXISTS"],
  ["Invalid event filter", "INVALID_FILTER"],
  ["No pending queries matching ID", "INVALID_QUERY_ID"],
  ["Unsupported command", "UNSUPPORTED_COMMAND"]
]);
var ADVICE = {
  AUTH_REQUIRED: "pass its rpc_auth as `authKey`, or set SERF_RPC_AUTH",
  INVALID_AUTH_TOKEN: "`authKey` (or SERF_RPC_AUTH) is not the rpc_auth of this agent",
  HANDSHAKE_REQUIRED: "call handshake() first, or open the connection with connect()",
  MONITOR_EXISTS: "a connection carries one monitor: open another connection, or use createClient()",
  INVALID_FILTER: "see EventFilter for what an agent understands",
  INVALID_QUERY_ID: "its deadline has passed, or another connection received it",
  UNSUPPORTED_COMMAND: "this agent does not know it and closes the connection"
};
function codeOf(text4) {
  return CODES.get(text4) ?? "AGENT_ERROR";
}
function adviceFor(code) {
  return ADVICE[code];
}

// lib/protocol/arguments.ts
function text(value, what) {
  if (typeof value !== "string") throw new TypeError(`${what} must be a string`);
  return value;
}
function nonEmpty(value, what) {
  if (text(value, what) === "") throw new TypeError(`${what} must not be empty`);
  return value;
}
function texts(values, what) {
  if (!Array.isArray(values)) throw new TypeError(`${what} must be an array of strings`);
  return values.map((value) => nonEmpty(value, `an entry of ${what}`));
}
function dictionary(values, what) {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new TypeError(`${what} must be an object of strings`);
  }
  const entries = Object.entries(values).filter(([, value]) => value !== void 0);
  return Object.fromEntries(entries.map(([key, value]) => [key, text(value, `${what}.${key}`)]));
}
function payloadBytes(payload) {
  if (payload === void 0) return null;
  if (typeof payload === "string") return Buffer.from(payload);
  if (payload instanceof Uint8Array)
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  throw new TypeError("a payload must be a string or a Uint8Array");
}
function integerBetween(value, least, most, what) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${what} must be an integer from ${least} to ${most}, not ${String(value)}`);
  }
  return value;
}
function milliseconds(value, least, what) {
  if (typeof value !== "number" || !(value >= least && value <= MAX_TIMEOUT)) {
    throw new RangeError(`${what} must be from ${least} to ${MAX_TIMEOUT} ms, not ${String(value)}`);
  }
  return value;
}
function queryId(id) {
  if (typeof id === "bigint" ? id >= 0n && id < 2n ** 64n : Number.isSafeInteger(id) && id >= 0) {
    return id < 2 ** 32 ? id : BigInt(id);
  }
  throw new RangeError(
    `the id of a query must be an unsigned integer of 64 bits, not ${String(id)}; beyond 2^53 it is a bigint`
  );
}

// lib/protocol/codec.ts
var import_msgpackr = require("msgpackr");

// lib/protocol/writer.ts
var FIRST_BYTES = 16 * 1024;
var KEPT_BYTES = 256 * 1024;
var SHORT = 24;
var Writer = class {
  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.at = 0;
  }
  get length() {
    return this.at;
  }
  /** Everything written since the last time. */
  take() {
    const taken = Buffer.allocUnsafe(this.at);
    this.bytes.copy(taken, 0, 0, this.at);
    this.at = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    return taken;
  }
  /** Bytes that are MessagePack already. */
  raw(encoded) {
    this.reserve(encoded.length);
    this.bytes.set(encoded, this.at);
    this.at += encoded.length;
  }
  value(value) {
    if (typeof value === "string") this.string(value);
    else if (typeof value === "number") this.integer(value);
    else if (typeof value === "boolean") this.type(value ? 195 : 194);
    else if (value === null) this.type(192);
    else if (typeof value === "bigint") this.bigInteger(value);
    else if (value instanceof Uint8Array) this.binary(value);
    else if (isArray(value)) {
      this.head(value.length, 144, 16, 220);
      for (const entry of value) this.value(entry);
    } else this.map(value);
  }
  map(map5) {
    const keys = Object.keys(map5);
    let size = 0;
    for (const key of keys) if (map5[key] !== void 0) size++;
    this.head(size, 128, 16, 222);
    for (const key of keys) {
      const value = map5[key];
      if (value === void 0) continue;
      this.string(key);
      this.value(value);
    }
  }
  string(text4) {
    if (text4.length < SHORT && this.shortString(text4)) return;
    const size = Buffer.byteLength(text4);
    if (size < 32) this.type(160 | size);
    else if (size < 256) this.uint(217, 1, size);
    else this.head(size, 0, 0, 218);
    this.reserve(size);
    this.at += this.bytes.write(text4, this.at, "utf8");
  }
  /** ASCII, a character a byte; says whether it was. */
  shortString(text4) {
    this.reserve(SHORT + 1);
    const { bytes, at } = this;
    for (let index = 0; index < text4.length; index++) {
      const character = text4.charCodeAt(index);
      if (character >= 128) return false;
      bytes[at + 1 + index] = character;
    }
    bytes[at] = 160 | text4.length;
    this.at = at + 1 + text4.length;
    return true;
  }
  binary(payload) {
    if (payload.length < 256) this.uint(196, 1, payload.length);
    else this.head(payload.length, 0, 0, 197);
    this.raw(payload);
  }
  /** A length: in the type itself where it is small, else in two bytes or four. */
  head(size, shortType, shortSizes, type16) {
    if (size < shortSizes) this.type(shortType | size);
    else if (size < 65536) this.uint(type16, 2, size);
    else this.uint(type16 + 1, 4, size);
  }
  integer(value) {
    if (value >= 0) {
      if (value < 128) this.type(value);
      else if (value < 256) this.uint(204, 1, value);
      else if (value < 65536) this.uint(205, 2, value);
      else if (value < 2 ** 32) this.uint(206, 4, value);
      else this.bigInteger(BigInt(value));
    } else if (value >= -32) this.type(value + 256);
    else this.bigInteger(BigInt(value));
  }
  bigInteger(value) {
    this.type(value < 0n ? 211 : 207);
    this.reserve(8);
    this.at = value < 0n ? this.bytes.writeBigInt64BE(value, this.at) : this.bytes.writeBigUInt64BE(value, this.at);
  }
  type(byte) {
    this.reserve(1);
    this.bytes[this.at++] = byte;
  }
  uint(type, width, value) {
    this.reserve(1 + width);
    this.bytes[this.at++] = type;
    for (let shift = 8 * (width - 1); shift >= 0; shift -= 8) this.bytes[this.at++] = value >>> shift;
  }
  reserve(size) {
    if (this.at + size <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * (this.at + size));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }
};
function isArray(value) {
  return Array.isArray(value);
}

// lib/protocol/codec.ts
var unpackr = new import_msgpackr.Unpackr({ useRecords: false, mapsAsObjects: false, copyBuffers: true });
var prefixes = /* @__PURE__ */ new Map();
function writeRequest(writer, command, seq, body) {
  writer.raw(prefixes.get(command) ?? prefixOf(command));
  writer.integer(seq);
  if (body !== void 0) writer.value(body);
}
function prefixOf(command) {
  const writer = new Writer();
  writer.value({ Command: command, Seq: 0 });
  const encoded = writer.take();
  const prefix = encoded.subarray(0, -1);
  if (prefixes.size < 64) prefixes.set(command, prefix);
  return prefix;
}
function decode(bytes) {
  return plain(unpackr.unpack(bytes));
}
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    Array.from(value, ([key, entry]) => [String(key), plain(entry)])
  );
}
function toWire(value, place) {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isSafeInteger(value)) return value;
      throw new RangeError(`${place} is ${value}, but Serf takes integers only; beyond 2^53 pass a bigint`);
    case "bigint":
      if (value >= -(2n ** 63n) && value < 2n ** 64n) return value;
      throw new RangeError(`${place} does not fit into 64 bits: ${value}`);
    case "object":
      return compound(value, place);
    default:
      throw new TypeError(`${place} is ${typeof value}, which the wire cannot carry`);
  }
}
function compound(value, place) {
  if (value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((entry, index) => toWire(entry, `${place}[${index}]`));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${place} is a ${value.constructor.name}, which the wire cannot carry`);
  }
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== void 0).map(([key, entry]) => [key, toWire(entry, `${place}.${key}`)])
  );
}

// lib/protocol/commands.ts
var own = (takesBody, reply) => ({ takesBody, reply, asksOthers: false });
var others = (takesBody, reply) => ({ takesBody, reply, asksOthers: true });
var COMMANDS = {
  handshake: own(true, "nothing"),
  auth: own(true, "nothing"),
  event: own(true, "nothing"),
  "force-leave": own(true, "nothing"),
  join: others(true, "body-even-with-error"),
  members: own(false, "body"),
  "members-filtered": own(true, "body"),
  stream: own(true, "records"),
  monitor: own(true, "records"),
  stop: own(true, "nothing"),
  leave: others(false, "nothing"),
  "install-key": others(true, "body-even-with-error"),
  "use-key": others(true, "body-even-with-error"),
  "remove-key": others(true, "body-even-with-error"),
  "list-keys": others(false, "body-even-with-error"),
  tags: own(true, "nothing"),
  query: own(true, "records"),
  respond: own(true, "nothing"),
  stats: own(false, "body"),
  "get-coordinate": own(true, "body")
};
function isCommandName(name) {
  return Object.hasOwn(COMMANDS, name);
}
function bodyFollows(reply, error) {
  if (error === "") return reply === "body" || reply === "body-even-with-error";
  return reply === "body-even-with-error" && error !== AUTH_REQUIRED && error !== HANDSHAKE_REQUIRED;
}

// lib/protocol/event-filter.ts
function filterText(filter3) {
  const filters = Array.isArray(filter3) ? filter3 : [filter3];
  if (filters.length === 0) throw new TypeError("an event filter must not be an empty list");
  for (const entry of filters) {
    if (typeof entry !== "string" || entry === "")
      throw new TypeError("an event filter must be a non-empty string");
    if (entry.includes(",")) {
      throw new TypeError(
        `the event filter ${JSON.stringify(entry)} has a comma, at which the agent would split it: pass several filters as an array; a name with a comma cannot be filtered by the agent, use ofUser or ofQuery`
      );
    }
  }
  return filters.join(",");
}

// lib/protocol/patterns.ts
function wholePattern(pattern) {
  return pattern.includes("|") ? isolated(pattern, (group) => group) : pattern;
}
function anywherePattern(pattern) {
  return isolated(pattern, (group) => `(?s:.*)${group}(?s:.*)`);
}
function mayBeBad(pattern) {
  return /[\\[\](){}*+?]/.test(pattern);
}
function isolated(pattern, around) {
  return closesMoreThanItOpens(pattern) ? pattern : around(`(?:${pattern})`);
}
function closesMoreThanItOpens(pattern) {
  let open2 = 0;
  const withoutLiterals = pattern.replace(/\\Q.*?(\\E|$)|\\.|\[\^?\]?(\\.|\[:\^?\w+:\]|[^\]\\])*\]/gs, "");
  for (const character of withoutLiterals) {
    if (character === "(") open2++;
    else if (character === ")" && --open2 < 0) return true;
  }
  return false;
}

// lib/protocol/strings.ts
var LONGEST = 32;
var SLOTS = 8192;
var known = new Array(SLOTS).fill("");
function stringAt(bytes, start, size) {
  if (size === 0) return "";
  const end = start + size;
  if (size > LONGEST) return bytes.toString("utf8", start, end);
  const slot = slotOf(bytes, start, size);
  const candidate = known[slot];
  if (candidate.length === size) {
    let index = 0;
    while (index < size && candidate.charCodeAt(index) === bytes[start + index]) index++;
    if (index === size) return candidate;
  }
  const text4 = bytes.toString("utf8", start, end);
  if (text4.length === size) known[slot] = text4;
  return text4;
}
function slotOf(bytes, start, size) {
  const last = start + size - 1;
  const middle = start + (size >> 1);
  let hash = size + 31 * bytes[last];
  if (size > 2) hash = Math.imul(hash, 31) + bytes[last - 1] + 7 * bytes[last - 2];
  hash = Math.imul(hash, 31) + bytes[middle] + 7 * bytes[start];
  return (hash ^ hash >>> 11) & SLOTS - 1;
}

// lib/protocol/reader.ts
var EMPTY = Buffer.alloc(0);
var Expected = class _Expected {
  constructor(bytes) {
    /** Those after the first. */
    this.words = [];
    this.size = bytes.length;
    this.first = bytes[0] ?? 0;
    let at = 1;
    for (; at + 4 <= bytes.length; at += 4) this.words.push(bytes.readInt32BE(at));
    this.rest = [...bytes.subarray(at)];
  }
  /** Single bytes, and strings as MessagePack has the short ones. */
  static of(...parts) {
    return new _Expected(
      Buffer.concat(
        parts.map(
          (part) => typeof part === "number" ? Buffer.from([part]) : Buffer.from([160 | part.length, ...Buffer.from(part)])
        )
      )
    );
  }
};
var Reader = class {
  constructor(skipper) {
    this.bytes = EMPTY;
    this.view = new DataView(EMPTY.buffer);
    this.at = 0;
    this.end = 0;
    /** How many values the containers so far say that they hold. */
    this.values = 0;
    /** Whether the scanner has passed these bytes. */
    this.whole = false;
    this.fault = false;
    this.skipper = skipper;
  }
  begin(bytes, at, end, whole) {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = at;
    this.end = end;
    this.whole = whole;
    this.fault = false;
    this.values = 0;
  }
  fail() {
    this.fault = true;
    this.at = this.end;
  }
  /** The byte here, and goes on; -1 and a fault at the end. */
  byte() {
    if (this.at < this.end) return this.bytes[this.at++];
    this.fault = true;
    return -1;
  }
  /** Steps over `size` bytes and returns where they began. */
  take(size) {
    const start = this.at;
    if (start + size > this.end) this.fail();
    else this.at = start + size;
    return start;
  }
  uint8() {
    const at = this.take(1);
    return this.fault ? 0 : this.bytes[at];
  }
  uint16() {
    const at = this.take(2);
    return this.fault ? 0 : this.view.getUint16(at);
  }
  uint32() {
    const at = this.take(4);
    return this.fault ? 0 : this.view.getUint32(at);
  }
  /** How many entries the map here has. Each must be read or skipped. */
  mapSize() {
    const type = this.byte();
    let size = 0;
    if (type >= 128 && type < 144) size = type & 15;
    else if (type === 222) size = this.uint16();
    else if (type === 223) size = this.uint32();
    else if (type !== 192) this.fail();
    this.values += 2 * size;
    return size;
  }
  /** How many values the array here has. Each must be read or skipped. */
  arraySize() {
    const type = this.byte();
    let size = 0;
    if (type >= 144 && type < 160) size = type & 15;
    else if (type === 220) size = this.uint16();
    else if (type === 221) size = this.uint32();
    else if (type !== 192) this.fail();
    this.values += size;
    return size;
  }
  string() {
    const type = this.byte();
    let size = type & 31;
    if (type < 160 || type >= 192) {
      if (type === 217) size = this.uint8();
      else if (type === 218) size = this.uint16();
      else if (type === 219) size = this.uint32();
      else if (type === 192) return "";
      else this.fail();
    }
    const start = this.at;
    if (this.fault || start + size > this.end) {
      this.fail();
      return "";
    }
    this.at = start + size;
    return stringAt(this.bytes, start, size);
  }
  /** Steps over bytes and returns where they began; they end where the reader then is. */
  binaryStart() {
    const type = this.byte();
    let size = 0;
    if (type === 196) size = this.uint8();
    else if (type === 197) size = this.uint16();
    else if (type === 198) size = this.uint32();
    else if (type !== 192) this.fail();
    return this.take(size);
  }
  /** A copy with memory of its own: whoever keeps it keeps nothing else alive. */
  binary() {
    const start = this.binaryStart();
    if (start === this.at || this.fault) return EMPTY;
    return Uint8Array.prototype.slice.call(this.bytes, start, this.at);
  }
  bool() {
    const type = this.byte();
    if (type !== 194 && type !== 195 && type !== 192) this.fail();
    return type === 195;
  }
  /** An integer; what a `number` cannot hold exactly is rounded. */
  integer() {
    const type = this.byte();
    if (type < 128) return type < 0 ? 0 : type;
    switch (type) {
      case 192:
        return 0;
      case 204:
        return this.uint8();
      case 205:
        return this.uint16();
      case 206:
        return this.uint32();
      case 207: {
        const at = this.take(8);
        return this.fault ? 0 : Number(this.view.getBigUint64(at));
      }
      case 208:
        return this.uint8() << 24 >> 24;
      case 209:
        return this.uint16() << 16 >> 16;
      case 210:
        return this.uint32() | 0;
      case 211: {
        const at = this.take(8);
        return this.fault ? 0 : Number(this.view.getBigInt64(at));
      }
      default:
        if (type >= 224) return type - 256;
        this.fail();
        return 0;
    }
  }
  /** An unsigned integer that must stay exact: a `bigint` beyond 2^53. */
  id() {
    const start = this.at;
    const value = this.integer();
    if (Number.isSafeInteger(value) || this.fault) return value;
    return this.view.getBigUint64(start + 1);
  }
  float() {
    const type = this.bytes[this.at];
    if (type !== 203 && type !== 202) return this.integer();
    this.at++;
    const at = this.take(type === 203 ? 8 : 4);
    if (this.fault) return 0;
    return type === 203 ? this.view.getFloat64(at) : this.view.getFloat32(at);
  }
  /** A list, each value read by `read`. Nothing is set aside for what an array merely claims to hold. */
  list(read) {
    const values = [];
    const size = this.arraySize();
    for (let index = 0; index < size && !this.fault; index++) values.push(read(this));
    return values;
  }
  /** A map from strings. A key `__proto__` is data like any other. */
  dictionary(read) {
    const entries = {};
    const size = this.mapSize();
    for (let index = 0; index < size && !this.fault; index++) {
      const key = this.string();
      const value = read(this);
      if (key !== "__proto__") entries[key] = value;
      else
        Object.defineProperty(entries, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return entries;
  }
  skip() {
    const next = this.skipper.scan(this.bytes, this.at, this.end);
    if (next < 0) {
      this.skipper.reset();
      this.fail();
    } else this.at = next;
  }
  /** Whether the given bytes are here; steps over them if so. */
  matches(expected) {
    const { words, rest } = expected;
    let at = this.at;
    if (this.bytes[at] !== expected.first || at + expected.size > this.end) return false;
    at++;
    for (let index = 0; index < words.length; index++, at += 4) {
      if (this.view.getInt32(at) !== words[index]) return false;
    }
    for (let index = 0; index < rest.length; index++, at++) {
      if (this.bytes[at] !== rest[index]) return false;
    }
    this.at = at;
    return true;
  }
};

// lib/protocol/record.ts
function recordReader(blank, fields) {
  const table = Object.entries(fields).sort(([a], [b]) => a < b ? -1 : 1).map(([name, read]) => ({
    name,
    read,
    key: Expected.of(name)
  }));
  const byName = new Map(table.map(({ name, read }) => [name, read]));
  return (reader) => {
    const target = blank();
    const size = reader.mapSize();
    let next = 0;
    for (let index = 0; index < size && !reader.fault; index++) {
      let read;
      for (let candidate = next; candidate < table.length; candidate++) {
        const field = table[candidate];
        if (field && reader.matches(field.key)) {
          read = field.read;
          next = candidate + 1;
          break;
        }
      }
      read ??= byName.get(reader.string());
      if (read) read(target, reader);
      else reader.skip();
    }
    return target;
  };
}

// lib/protocol/address.ts
function addressText(bytes, start, end) {
  const size = end - start;
  if (size === 4) return ipv4(bytes, start);
  if (size === 0) return "";
  if (size !== 16) return void 0;
  return isMapped(bytes, start) ? ipv4(bytes, start + 12) : ipv6(bytes, start);
}
function ipv4(bytes, start) {
  return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;
}
function isMapped(bytes, start) {
  for (let index = 0; index < 12; index++) if (bytes[start + index] !== (index < 10 ? 0 : 255)) return false;
  return true;
}
function ipv6(bytes, start) {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(start + 2 * index).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

// lib/protocol/records/member-records.ts
var STATUSES = ["none", "alive", "leaving", "left", "failed"];
var text2 = (reader) => reader.string();
var blankMember = () => ({
  name: "",
  addr: "",
  port: 0,
  tags: {},
  status: "none",
  protocolMin: 0,
  protocolMax: 0,
  protocolCur: 0,
  delegateMin: 0,
  delegateMax: 0,
  delegateCur: 0
});
var readMember = recordReader(blankMember, {
  Name: (member, reader) => member.name = reader.string(),
  Addr: (member, reader) => member.addr = readAddress(reader),
  Port: (member, reader) => member.port = reader.integer(),
  Tags: (member, reader) => member.tags = reader.dictionary(text2),
  Status: (member, reader) => member.status = readStatus(reader),
  ProtocolMin: (member, reader) => member.protocolMin = reader.integer(),
  ProtocolMax: (member, reader) => member.protocolMax = reader.integer(),
  ProtocolCur: (member, reader) => member.protocolCur = reader.integer(),
  DelegateMin: (member, reader) => member.delegateMin = reader.integer(),
  DelegateMax: (member, reader) => member.delegateMax = reader.integer(),
  DelegateCur: (member, reader) => member.delegateCur = reader.integer()
});
function readAddress(reader) {
  const start = reader.binaryStart();
  const address = addressText(reader.bytes, start, reader.at);
  if (address === void 0) reader.fault = true;
  return address ?? "";
}
function readStatus(reader) {
  const status = reader.string();
  return STATUSES.find((candidate) => candidate === status) ?? "none";
}
var readMembersBody = recordReader(() => ({ members: void 0 }), {
  Members: (reply, reader) => reply.members = reader.list(readMember)
});
function readMembers(reader) {
  const { members } = readMembersBody(reader);
  if (members === void 0) reader.fault = true;
  return members ?? [];
}
var MEMBERS = Expected.of(129, "Members");
var membersList = {
  opens: (reader) => reader.matches(MEMBERS) ? reader.arraySize() : -1,
  element: readMember
};

// lib/protocol/records/signs.ts
var DONE = /* @__PURE__ */ Symbol("done");
var NOISE = /* @__PURE__ */ Symbol("noise");

// lib/protocol/records/event-records.ts
var NO_PAYLOAD = Buffer.alloc(0);
var UserEventRecord = class {
  constructor(name, ltime, payload, coalesce) {
    this.name = name;
    this.ltime = ltime;
    this.payload = payload;
    this.coalesce = coalesce;
    this.type = "user";
  }
  get text() {
    return this.payload.toString();
  }
};
var QueryEventRecord = class {
  constructor(name, ltime, payload, id, responder) {
    this.name = name;
    this.ltime = ltime;
    this.payload = payload;
    this.id = id;
    this.type = "query";
    this.#responder = responder;
  }
  #responder;
  get text() {
    return this.payload.toString();
  }
  respond(payload) {
    return this.#responder(this.id, payload);
  }
};
var readFields = recordReader(
  () => ({ event: "", name: "", ltime: 0, payload: NO_PAYLOAD, coalesce: false, id: 0, members: [] }),
  {
    Event: (event, reader) => event.event = reader.string(),
    Name: (event, reader) => event.name = reader.string(),
    LTime: (event, reader) => event.ltime = reader.integer(),
    Payload: (event, reader) => event.payload = reader.binary(),
    Coalesce: (event, reader) => event.coalesce = reader.bool(),
    ID: (event, reader) => event.id = reader.id(),
    Members: (event, reader) => event.members = reader.list(readMember)
  }
);
var MEMBER_EVENTS = [
  "member-join",
  "member-leave",
  "member-failed",
  "member-update",
  "member-reap"
];
var COALESCE = Expected.of(133, "Coalesce");
var USER_LTIME = Expected.of("Event", "user", "LTime");
var NAME = Expected.of("Name");
var PAYLOAD = Expected.of("Payload");
function readUserEvent(reader) {
  const start = reader.at;
  if (reader.matches(COALESCE)) {
    const coalesce = reader.bool();
    if (reader.matches(USER_LTIME)) {
      const ltime = reader.integer();
      if (reader.matches(NAME)) {
        const name = reader.string();
        if (reader.matches(PAYLOAD)) return new UserEventRecord(name, ltime, reader.binary(), coalesce);
      }
    }
  }
  reader.at = start;
  return void 0;
}
function eventReader(responder) {
  return (reader) => {
    const userEvent = readUserEvent(reader);
    if (userEvent) return userEvent;
    const { event, name, ltime, payload, coalesce, id, members } = readFields(reader);
    if (event === "user") return new UserEventRecord(name, ltime, payload, coalesce);
    if (event === "query") return new QueryEventRecord(name, ltime, payload, id, responder);
    const type = MEMBER_EVENTS.find((candidate) => candidate === event);
    if (type !== void 0) return { type, members };
    if (event === "") reader.fault = true;
    return NOISE;
  };
}

// lib/protocol/records/query-records.ts
var NO_PAYLOAD2 = Buffer.alloc(0);
var QueryResponseRecord = class {
  constructor(from3, payload) {
    this.from = from3;
    this.payload = payload;
    this.type = "response";
  }
  get text() {
    return this.payload.toString();
  }
};
var readFields2 = recordReader(
  () => ({ type: "", from: "", payload: NO_PAYLOAD2 }),
  {
    Type: (record, reader) => record.type = reader.string(),
    From: (record, reader) => record.from = reader.string(),
    Payload: (record, reader) => record.payload = reader.binary()
  }
);
var FROM = Expected.of(131, "From");
var PAYLOAD2 = Expected.of("Payload");
var RESPONSE = Expected.of("Type", "response");
function readResponse(reader) {
  const start = reader.at;
  if (reader.matches(FROM)) {
    const from3 = reader.string();
    if (reader.matches(PAYLOAD2)) {
      const payload = reader.binary();
      if (reader.matches(RESPONSE) && from3 !== "") return new QueryResponseRecord(from3, payload);
    }
  }
  reader.at = start;
  return void 0;
}
function readQueryRecord(reader) {
  const response = readResponse(reader);
  if (response) return response;
  const { type, from: from3, payload } = readFields2(reader);
  if (type === "done") return DONE;
  if (type === "response") return from3 === "" ? NOISE : new QueryResponseRecord(from3, payload);
  if (type === "ack") return from3 === "" ? NOISE : { type: "ack", from: from3 };
  if (type === "") reader.fault = true;
  return NOISE;
}

// lib/protocol/records/report-records.ts
var text3 = (reader) => reader.string();
var readJoined = (() => {
  const read = recordReader(() => ({ joined: 0 }), {
    Num: (reply, reader) => reply.joined = reader.integer()
  });
  return (reader) => read(reader).joined;
})();
var readKeyReport = recordReader(
  () => ({ keys: {}, messages: {}, numErr: 0, numNodes: 0, numResp: 0 }),
  {
    Keys: (report, reader) => report.keys = reader.dictionary((entry) => entry.integer()),
    Messages: (report, reader) => report.messages = reader.dictionary(text3),
    NumErr: (report, reader) => report.numErr = reader.integer(),
    NumNodes: (report, reader) => report.numNodes = reader.integer(),
    NumResp: (report, reader) => report.numResp = reader.integer()
  }
);
var readStats = recordReader(
  () => ({ agent: { name: "" }, serf: {}, runtime: {}, tags: {}, event_handlers: {} }),
  {
    agent: (stats, reader) => stats.agent = { name: "", ...reader.dictionary(text3) },
    serf: (stats, reader) => stats.serf = reader.dictionary(text3),
    runtime: (stats, reader) => stats.runtime = reader.dictionary(text3),
    tags: (stats, reader) => stats.tags = reader.dictionary(text3),
    event_handlers: (stats, reader) => stats.event_handlers = reader.dictionary(text3)
  }
);
var readCoordinateFields = recordReader(
  () => ({ vec: [], height: 0, adjustment: 0, error: 0 }),
  {
    Vec: (coordinate, reader) => coordinate.vec = reader.list((entry) => entry.float()),
    Height: (coordinate, reader) => coordinate.height = reader.float(),
    Adjustment: (coordinate, reader) => coordinate.adjustment = reader.float(),
    Error: (coordinate, reader) => coordinate.error = reader.float()
  }
);
var readCoordinate = (() => {
  const read = recordReader(
    () => ({ coordinate: null, known: false }),
    {
      Coord: (reply, reader) => reply.coordinate = readCoordinateFields(reader),
      Ok: (reply, reader) => reply.known = reader.bool()
    }
  );
  return (reader) => {
    const { coordinate, known: known2 } = read(reader);
    return known2 ? coordinate : null;
  };
})();
var readLogLine = (() => {
  const read = recordReader(() => ({ line: "" }), {
    Log: (record, reader) => record.line = reader.string()
  });
  return (reader) => read(reader).line;
})();

// lib/protocol/calls.ts
var called = (command, read, body, { list, endsAfter, risky = false } = {}) => ({
  command,
  reply: COMMANDS[command].reply,
  body,
  read,
  list,
  endsAfter,
  risky,
  frame: void 0,
  isLast: void 0
});
var nothing = () => () => void 0;
var reading = (read) => () => read;
var NO_TAGS = {};
var membersRead = reading(readMembers);
var handshakeCall = () => called("handshake", nothing, { Version: IPC_VERSION });
var authCall = (key) => called("auth", nothing, { AuthKey: text(key, "the key") });
function eventCall(name, payload, options) {
  const body = {
    Name: nonEmpty(name, "the name of an event"),
    Payload: payloadBytes(payload),
    Coalesce: options?.coalesce ?? true
  };
  return called("event", nothing, body);
}
function forceLeaveCall(node, options) {
  const body = { Node: nonEmpty(node, "the name of a node"), Prune: options?.prune ?? false };
  return called("force-leave", nothing, body);
}
function joinCall(addresses, options) {
  const existing = texts(typeof addresses === "string" ? [addresses] : addresses, "the addresses to join");
  return called("join", reading(readJoined), { Existing: existing, Replay: options?.replay ?? false });
}
var membersCall = () => called("members", membersRead, void 0, { list: membersList });
function membersFilteredCall(filter3) {
  const tags = filter3.tags === void 0 ? NO_TAGS : dictionary(filter3.tags, "the tags of a filter");
  const status = text(filter3.status ?? "", "the status of a filter");
  const name = text(filter3.name ?? "", "the name of a filter");
  return filteredCall(tags, status, name, wholePattern);
}
function filteredCall(tags, status, name, wrap) {
  const keys = Object.keys(tags);
  const body = {
    Tags: keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, wrap(tags[key] ?? "")])) : void 0,
    Status: status === "" ? void 0 : wrap(status),
    Name: name === "" ? void 0 : wrap(name)
  };
  const risky = mayBeBad(name) || mayBeBad(status) || keys.some((key) => mayBeBad(tags[key] ?? ""));
  return called("members-filtered", membersRead, body, { list: membersList, risky });
}
function tagsCall(set, remove = []) {
  const body = { Tags: dictionary(set, "the tags to set"), DeleteTags: texts(remove, "the tags to remove") };
  return called("tags", nothing, body);
}
var leaveCall = () => called("leave", nothing);
function keyCall(command, key) {
  return called(command, reading(readKeyReport), { Key: nonEmpty(key, "a key") });
}
var listKeysCall = () => called("list-keys", reading(readKeyReport));
var statsCall = () => called("stats", reading(readStats));
function getCoordinateCall(node) {
  return called("get-coordinate", reading(readCoordinate), { Node: nonEmpty(node, "the name of a node") });
}
function streamCall(filter3) {
  const read = eventReader;
  return called("stream", read, { Type: filterText(filter3) });
}
function monitorCall(level) {
  return called("monitor", reading(readLogLine), { LogLevel: nonEmpty(level, "a log level") });
}
var GRACE = 1e3;
var DEFAULT_END = 15e3;
function queryCall(name, payload, options = {}) {
  const timeout = options.timeout === void 0 ? 0 : milliseconds(options.timeout, 1, "the timeout of a query");
  const body = {
    Name: nonEmpty(name, "the name of a query"),
    Payload: payloadBytes(payload),
    FilterNodes: texts(options.filterNodes ?? [], "filterNodes"),
    FilterTags: dictionary(options.filterTags ?? {}, "filterTags"),
    RequestAck: options.requestAck ?? false,
    RelayFactor: integerBetween(options.relayFactor ?? 0, 0, 255, "relayFactor"),
    Timeout: BigInt(Math.round(timeout * 1e6))
    // nanoseconds, as Go counts; a float makes the agent hang up
  };
  const endsAfter = timeout === 0 ? DEFAULT_END : timeout + GRACE;
  return called("query", reading(readQueryRecord), body, { endsAfter });
}
function respondCall(id, payload) {
  return called("respond", nothing, { ID: queryId(id), Payload: payloadBytes(payload) });
}
function rawCall(command, body) {
  nonEmpty(command, "a command");
  const known2 = isCommandName(command) ? COMMANDS[command] : void 0;
  if (known2?.takesBody === false && body !== void 0) {
    throw new TypeError(`${command} takes no body: the agent would read it as another request`);
  }
  const wire = body === void 0 ? void 0 : toWire(body, "the body");
  return {
    command,
    reply: known2?.reply ?? "nothing",
    // A command that takes a body would read the next request as that, so it gets an empty one.
    body: known2?.takesBody ? wire ?? {} : wire,
    read: () => readAnything,
    list: void 0,
    endsAfter: command === "query" ? endOf(wire) : void 0,
    risky: command === "members-filtered",
    isLast: command === "query" ? isDone : void 0,
    frame: (seq, value) => ({ header: { seq, error: "" }, ...value === void 0 ? {} : { body: value } })
  };
}
function readAnything(reader) {
  if (!reader.whole) {
    reader.fault = true;
    return void 0;
  }
  const value = decode(reader.bytes.subarray(reader.at, reader.end));
  reader.at = reader.end;
  return value;
}
function endOf(body) {
  const timeout = typeof body === "object" && body !== null && "Timeout" in body ? Number(body.Timeout) : 0;
  return timeout > 0 ? Math.min(timeout / 1e6 + GRACE, MAX_TIMEOUT) : DEFAULT_END;
}
function isDone(record) {
  return typeof record === "object" && record !== null && "Type" in record && record.Type === "done";
}

// lib/connection/everyone.ts
var import_rxjs = require("rxjs");
function untilEveryone(agent, options, answers$) {
  const kinds = options.requestAck ? ["ack", "response"] : ["response"];
  return selected(agent, options).pipe(
    (0, import_rxjs.switchMap)((names) => {
      const awaited = new Set(names.flatMap((name) => kinds.map((type) => `${type} ${name}`)));
      if (awaited.size === 0) return import_rxjs.EMPTY;
      return (0, import_rxjs.defer)(() => {
        const seen = /* @__PURE__ */ new Set();
        return answers$.pipe(
          (0, import_rxjs.map)((answer) => ({ answer, key: `${answer.type} ${answer.from}` })),
          (0, import_rxjs.filter)(({ key }) => !seen.has(key)),
          (0, import_rxjs.tap)(({ key }) => seen.add(key)),
          (0, import_rxjs.takeWhile)(({ key }) => !awaited.delete(key) || awaited.size > 0, true),
          (0, import_rxjs.map)(({ answer }) => answer)
        );
      });
    })
  );
}
function selected(agent, { filterNodes, filterTags }) {
  const tags = Object.entries(filterTags ?? {});
  const members$ = tags.length === 0 ? agent.run(membersCall()) : agent.runApart(filteredCall(Object.fromEntries(tags), "alive", "", anywherePattern));
  const wanted = filterNodes && new Set(filterNodes);
  return members$.pipe(
    (0, import_rxjs.map)(
      (members) => members.filter(({ name, status }) => status === "alive" && (!wanted || wanted.has(name))).map(({ name }) => name)
    )
  );
}

// lib/connection/commands.ts
var Commands = class {
  constructor() {
    /**
     * Fires a user event: every member gets it, at most once, perhaps not at all.
     * @param payload With the name at most 512 bytes unless the agents are configured otherwise; beyond it `RpcError`.
     * @param options.coalesce Whether agents may keep only the newest of this name and hold it back for 1 to 3 s. Default: true.
     * @throws TypeError for an empty name.
     * @example
     * event('deploy', 'v1.2.3', { coalesce: false }).subscribe()
     */
    this.event = (name, payload, options) => this.run(eventCall(name, payload, options));
    /**
     * Turns a failed member into one that left; with `prune` it is forgotten altogether. An unknown name is no error.
     * Mind that an alive one is then shown as `leaving`: look at its status first.
     */
    this.forceLeave = (node, options) => this.run(forceLeaveCall(node, options));
    /**
     * Joins the cluster of the given agents (`host:port` of their gossip, not their RPC), and emits how many could be
     * reached: fewer than given is a success, none is an `RpcError` with the number on `body`.
     * @param options.replay Whether old user events of that cluster are delivered. Default: false.
     */
    this.join = (addresses, options) => this.run(joinCall(addresses, options));
    /**
     * All members that the agent knows, those that failed or left too.
     * @example
     * members().subscribe((list) => console.table(list))
     */
    this.members = () => this.run(membersCall());
    /**
     * The members whose name, status and tags match. Patterns are RE2 and matched whole: `name: 'p|2'` is `p` or `2`.
     * A bad pattern errors with `RpcError`, code `INVALID_FILTER`: the agent hangs up over it, so that the rest of a bare `Connection`
     * is lost as well.
     * @example
     * membersFiltered({ status: 'alive', tags: { role: 'web|db' } }).subscribe(console.log)
     */
    this.membersFiltered = (filter3) => this.run(membersFilteredCall(filter3));
    /** Sets tags of the agent's own member and removes others; a key in both is set. All of them have room in 512 bytes. */
    this.tags = (set, remove) => this.run(tagsCall(set, remove));
    /** Makes the agent leave its cluster and end. Takes 1 to 2 s. */
    this.leave = () => this.run(leaveCall());
    /**
     * Adds a key to the keyring of every member. An `RpcError` has the report on `body`.
     * @param key Base64 of 16, 24 or 32 bytes.
     */
    this.installKey = (key) => this.run(keyCall("install-key", key));
    /** Makes an installed key the one that every member encrypts with. See {@link Commands.installKey}. */
    this.useKey = (key) => this.run(keyCall("use-key", key));
    /** Removes a key from the keyring of every member; the one in use cannot be. See {@link Commands.installKey}. */
    this.removeKey = (key) => this.run(keyCall("remove-key", key));
    /** The keys of all members' keyrings, and how many hold each. See {@link Commands.installKey}. */
    this.listKeys = () => this.run(listKeysCall());
    /** What the agent tells about itself. All values are strings. */
    this.stats = () => this.run(statsCall());
    /** The network coordinate of a node, `null` where the agent has none. See `rtt`. */
    this.getCoordinate = (node) => this.run(getCoordinateCall(node));
    /**
     * The events that this agent sees from now on. Never completes by itself; unsubscribing sends `stop`, and what is still
     * under way is passed over. An agent drops events, without a word on the wire, when more than 512 wait for us.
     * @param filter A type, a name (`user:deploy`, `query:upcase`), several of them, or `*`, the default.
     * @throws TypeError for a filter with a comma, at which the agent would split it.
     * @example
     * stream('user:deploy').pipe(takeUntil(timer(60_000))).subscribe((event) => console.log(event.text))
     */
    this.stream = (filter3) => (
      // Without a filter F is '*' (its default), which the compiler cannot know here.
      this.run(streamCall(filter3 ?? "*"))
    );
    /**
     * The agent's log, a line each: up to 512 lines of the past, then as they are written. Never completes by itself;
     * unsubscribing sends `stop`. One connection carries one monitor (`RpcError`, `MONITOR_EXISTS`); a `Client` any number.
     * @param level Default: `debug`. Independent of the agent's own.
     */
    this.monitor = (level = "debug") => this.run(monitorCall(level));
    /**
     * Asks the cluster a question and emits each answer (and ack) as it comes; each subscription asks anew. Completes at the agent's
     * deadline, or with `until: 'everyone'` when all alive members that were asked have answered. Unsubscribing stops listening:
     * the query itself runs on, for Serf has no way to cancel it.
     * @param payload With name and filters at most 1,024 bytes unless the agents are configured otherwise; beyond it `RpcError`.
     * @throws RangeError for a timeout below 1 ms or a relay factor beyond 255.
     * @example
     * query('uptime', undefined, { until: 'everyone' }).subscribe(({ from, text }) => console.log(from, text))
     */
    this.query = (name, payload, options = {}) => (
      // The first signature is for options that ask for no acks, and then none come.
      this.#query(name, payload, options)
    );
  }
  #query(name, payload, options) {
    const call = queryCall(name, payload, options);
    if (options.filterNodes?.length === 0) return import_rxjs2.EMPTY;
    const answers$ = this.run(call);
    if (options.until !== "everyone") return answers$;
    const agent = {
      run: (other) => this.run(other),
      runApart: (other) => this.runApart(other)
    };
    return (0, import_rxjs2.defer)(() => untilEveryone(agent, options, answers$));
  }
};

// lib/errors.ts
var SerfError = class extends Error {
  constructor(message, code, options) {
    super(message, options);
    this.code = code;
    this.name = "SerfError";
  }
};
var RpcError = class extends SerfError {
  constructor(message, details, options) {
    super(message, details.code, options);
    this.name = "RpcError";
    this.code = details.code;
    this.command = details.command;
    this.seq = details.seq;
    Object.defineProperty(this, "body", { value: details.body, enumerable: false });
  }
};
var ConnectionError = class extends SerfError {
  constructor(message, code, address, options) {
    super(message, code, options);
    this.address = address;
    this.name = "ConnectionError";
  }
};
var TimeoutError = class extends SerfError {
  constructor(message, options) {
    super(message, "TIMEOUT", options);
    this.name = "TimeoutError";
  }
};
var ProtocolError = class extends SerfError {
  constructor(message, options) {
    super(message, "PROTOCOL_ERROR", options);
    this.name = "ProtocolError";
  }
};

// lib/connection/endings.ts
var HINTS = {
  ECONNREFUSED: "nobody listens there: is `serf agent` running, and is this its -rpc-addr?",
  ENOTFOUND: "that host name does not resolve",
  EAI_AGAIN: "the name server does not answer",
  ETIMEDOUT: "nothing answers there: is the address right, and no firewall in between?",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network"
};
function dialFailed(address, cause) {
  const code = textOf(cause, "code") ?? "CONNECTION_FAILED";
  const hint = HINTS[code] ?? textOf(cause, "message") ?? "the socket ended before it was open";
  const message = `cannot connect to ${address} (${code}): ${hint}`;
  return new ConnectionError(message, code, address, cause === void 0 ? void 0 : { cause });
}
function dialTimedOut(address, limit) {
  return new TimeoutError(
    `cannot connect to ${address} within ${limit} ms: is the address right, and no firewall in between? Raise the option timeout where it takes longer`
  );
}
function connectionLost(address, midFrame, cause) {
  const why = textOf(cause, "code") ?? textOf(cause, "message");
  const how = why === void 0 ? "" : ` (${why})`;
  const where = midFrame ? " in the middle of a message" : "";
  return new ConnectionError(
    `the connection to ${address} was lost${where}${how}: the agent stopped, or closed it; open a new one, or use createClient()`,
    "CONNECTION_LOST",
    address,
    cause === void 0 ? void 0 : { cause }
  );
}
function connectionClosed(address) {
  return new ConnectionError(
    `the connection to ${address} was closed by close(); open a new one`,
    "CLOSED",
    address
  );
}
function notTheProtocol(address, cause) {
  const what = textOf(cause, "message") ?? String(cause);
  return new ProtocolError(
    `the connection to ${address} was ended, since it is not Serf's protocol: ${what}`,
    { cause }
  );
}
function patternRefused(address, request) {
  const { command } = request.call;
  return new RpcError(
    `${command}: ${address} hung up, as an agent does over a pattern that is not RE2: check the filter`,
    { code: "INVALID_FILTER", command, seq: request.seq }
  );
}
function endingFor(command, ending) {
  const message = `${command}: ${ending.message}`;
  const options = ending.cause === void 0 ? void 0 : { cause: ending.cause };
  if (ending instanceof ConnectionError)
    return new ConnectionError(message, ending.code, ending.address, options);
  if (ending instanceof TimeoutError) return new TimeoutError(message, options);
  return new ProtocolError(message, options);
}
function textOf(error, key) {
  if (typeof error !== "object" || error === null) return void 0;
  const text4 = Reflect.get(error, key);
  return typeof text4 === "string" ? text4 : void 0;
}

// lib/client/endings.ts
var causedBy = (cause) => cause === void 0 ? void 0 : { cause };
function asSerfError(error) {
  if (error instanceof SerfError) return error;
  return new SerfError(`cannot connect: ${String(error)}`, "CONNECTION_FAILED", { cause: error });
}
function endingOf(command, ending) {
  return ending instanceof RpcError ? ending : endingFor(command, ending);
}
function clientClosed(address, by) {
  return new ConnectionError(
    `the client of ${address} was ended by ${by}; create another one`,
    "CLOSED",
    address
  );
}
function unreachable(failures) {
  const [first, second] = failures;
  if (first && !second) return first.error;
  const addresses = failures.map(({ address }) => address).join(", ");
  return new ConnectionError(
    `cannot connect to any of ${addresses}: ${failures.map(({ error }) => error.message).join("; ")}`,
    failures.at(-1)?.error.code ?? "CONNECTION_FAILED",
    addresses,
    { cause: new AggregateError(failures.map(({ error }) => error)) }
  );
}
function lostUnderWay(command, repeatable, error) {
  const why = repeatable ? "its time is over, or the client does not reconnect" : "it may have been carried out, so it is not sent again";
  return new ConnectionError(
    `${command}: the connection to ${error.address} was lost before the answer came; ${why}`,
    error.code,
    error.address,
    error.cause === void 0 ? void 0 : { cause: error.cause }
  );
}
function retriesSpent(address, tries, cause) {
  return new ConnectionError(
    `no connection again after ${tries} tries (maxRetries): ${cause.message}`,
    cause.code,
    address,
    { cause }
  );
}
function waitedInVain(command, address, limit, cause) {
  const why = cause === void 0 ? "" : `: ${cause.message}`;
  return new TimeoutError(
    `${command}: no connection to ${address} and no answer within ${limit} ms (the option timeout)${why}`,
    causedBy(cause)
  );
}
function silent(address, interval) {
  return new TimeoutError(
    `${address} has been silent for ${2 * interval} ms, and did not answer the heartbeat`
  );
}

// lib/client/probe.ts
var PROBE = getCoordinateCall("probe");

// lib/client/errand.ts
var GRANULE = 100;
var Errand = class {
  constructor(job, link, clock, observer) {
    this.job = job;
    this.link = link;
    this.clock = clock;
    this.observer = observer;
    this.#since = clock.now();
  }
  #channel;
  #inner;
  #over = false;
  #pause;
  #pace;
  #tries = 0;
  /** Whether, for all that is known, the agent has taken it. */
  #live = false;
  /** Whether its one reply has come: what follows from that is no failure of it. */
  #replied = false;
  #since;
  start() {
    this.link.join(this);
    this.#go();
  }
  /** The end of it, whoever ended it. */
  unsubscribe() {
    this.#over = true;
    this.#inner?.unsubscribe();
    this.#pause?.cancel();
    this.link.part(this);
  }
  // What comes over the connection that it is on; after a loss from the next one.
  next(value) {
    this.#live = true;
    this.#replied = this.job.single;
    this.observer.next(value);
  }
  error(error) {
    this.#inner = void 0;
    this.#onError(error);
  }
  complete() {
    this.#inner = void 0;
    this.observer.complete();
  }
  /** Whether it is on its way, rather than waiting for one. */
  get underWay() {
    return this.#inner !== void 0;
  }
  /** Whether it has been set up again after a loss. */
  get resumed() {
    return this.#live && this.#tries > 1;
  }
  survives(ending) {
    if (this.job.apart || !this.underWay || this.job.nature === "subscription") return true;
    return this.job.nature === "read" && ending instanceof ConnectionError;
  }
  board(channel) {
    this.#pause = void 0;
    this.#channel = channel;
    const tries = ++this.#tries;
    const limit = tries > 1 && this.job.nature === "read" ? this.#timeLeft() : void 0;
    if (!this.job.apart) this.#live = true;
    this.#pace?.established(this.clock.now());
    const inner = this.job.attempt(channel, limit).subscribe(this);
    if (this.#over) inner.unsubscribe();
    else if (tries === this.#tries && !inner.closed) this.#inner = inner;
  }
  fail(error) {
    if (this.#replied) return;
    this.#inner?.unsubscribe();
    this.#inner = void 0;
    this.observer.error(endingOf(this.job.command, error));
  }
  expire() {
    const { command, limit } = this.job;
    this.observer.error(waitedInVain(command, this.link.addresses, limit, this.link.lastError));
  }
  #go() {
    if (this.link.refusal) {
      this.fail(this.link.refusal);
      return;
    }
    const channel = this.link.ready();
    if (channel) this.board(channel);
    else this.link.wait(this, this.#timeLeft());
  }
  #onError(error) {
    const channel = this.#channel;
    if (channel) this.link.notice(channel);
    if (!this.link.has(this)) this.observer.complete();
    else if (this.link.refusal) this.fail(this.link.refusal);
    else if (this.job.apart && hungUp(error)) this.#confirm(error);
    else if (!this.#mayGoAgain(error)) this.observer.error(this.#final(error));
    else if (this.job.apart && this.link.ready()) this.#goLater();
    else this.#go();
  }
  /** The shared connection is there, its own was not to be had: a while later, for the other may yet turn out to be lost too. */
  #goLater() {
    this.#pace ??= this.link.newPace();
    this.#pace.lost(this.clock.now());
    this.#pause = this.clock.after(this.#pace.next(), () => this.#go());
    this.#pause.hold();
  }
  #mayGoAgain(error) {
    const { nature } = this.job;
    if (nature === "write" || !this.link.reconnects) return false;
    if (error instanceof RpcError) return false;
    if (error instanceof ConnectionError) return nature === "subscription" && this.#live || !this.#late;
    if (nature === "read") return false;
    if (error instanceof ProtocolError) return this.#channel?.closed === true;
    if (!(error instanceof TimeoutError) || !this.resumed) return false;
    if (!this.job.apart && this.#channel) {
      this.#channel.giveUp(error);
      this.link.notice(this.#channel);
    }
    return true;
  }
  #final(error) {
    if (!(error instanceof ConnectionError) || error.code !== "CONNECTION_LOST") return error;
    return lostUnderWay(this.job.command, this.job.nature !== "write", error);
  }
  /**
   * An agent hangs up over a bad pattern, and when it dies. If it still answers on the shared connection, it was the pattern.
   */
  #confirm(error) {
    this.#inner = this.#channel?.run(PROBE).subscribe({
      error: (lost) => this.error(lost),
      complete: () => this.observer.error(error)
    });
  }
  get #late() {
    const { limit } = this.job;
    return limit > 0 && this.clock.now() - this.#since >= limit;
  }
  /** In ms; 0 is no limit, as for what has been live before. */
  #timeLeft() {
    const { limit, nature } = this.job;
    if (limit === 0 || nature === "subscription" && this.#live) return 0;
    const left = this.#since + limit - this.clock.now();
    return Math.min(limit, Math.max(1, Math.ceil(left / GRANULE) * GRANULE));
  }
};
function hungUp(error) {
  return error instanceof RpcError && error.command === "members-filtered" && error.code === "INVALID_FILTER";
}

// lib/client/gaps.ts
var import_rxjs8 = require("rxjs");

// lib/client/drops.ts
var import_rxjs7 = require("rxjs");

// lib/connection/channel.ts
var import_rxjs5 = require("rxjs");

// lib/protocol/header.ts
var SUCCESS = Expected.of(130, "Error", "", "Seq");
var MAP_OF_TWO = 130;
var readFields3 = recordReader(() => ({}), {
  Error: (header, reader) => {
    header.error = reader.string();
  },
  Seq: (header, reader) => {
    header.seq = reader.integer();
  }
});
function readHeader(reader, target) {
  if (reader.matches(SUCCESS)) {
    target.error = "";
    target.seq = reader.integer();
    return !reader.fault;
  }
  if (reader.bytes[reader.at] !== MAP_OF_TWO) return false;
  const { error, seq } = readFields3(reader);
  if (reader.fault || error === void 0 || seq === void 0) return false;
  target.error = error;
  target.seq = seq;
  return true;
}

// lib/protocol/scanner.ts
var Scanner = class {
  constructor(maxBytes) {
    /** How many values each open container still waits for. */
    this.awaited = new Float64Array(MAX_DEPTH + 1);
    this.depth = 0;
    this.values = 0;
    this.scanned = 0;
    this.maxBytes = maxBytes;
    this.maxValues = maxBytes / BYTES_PER_VALUE;
    this.reset();
  }
  /** False in the middle of an object, whose rest is still to come. */
  get idle() {
    return this.scanned === 0;
  }
  /** Forgets the object it is in the middle of. */
  reset() {
    this.scanned = 0;
    this.depth = 0;
    this.values = 1;
    this.awaited[0] = 1;
  }
  /**
   * Goes on with the object that begins at `start`; the bytes before `end` are there.
   * Returns where the object ends, or -1 when more bytes are needed: then call again with the same object and more of it.
   */
  scan(bytes, start, end) {
    const awaited = this.awaited;
    let depth = this.depth;
    let at = start + this.scanned;
    while (at < end) {
      const type = bytes[at];
      const prefix = prefixOf2(type);
      if (at + prefix > end) break;
      const claim = prefix === 1 ? shortClaim(type) : longClaim(type, bytes, at);
      const isContainer = type < 160 ? type >= 128 : type >= 220 && type < 224;
      const next = isContainer ? at + prefix : at + prefix + claim;
      if (next - start > this.maxBytes) throw this.tooLarge();
      if (next > end) break;
      at = next;
      if (isContainer && claim > 0) {
        this.values += claim;
        if (this.values > this.maxValues) throw this.tooMany();
        if (depth === MAX_DEPTH)
          throw new ProtocolError(`a message is nested deeper than ${MAX_DEPTH} levels`);
        awaited[++depth] = claim;
        continue;
      }
      while ((awaited[depth] = awaited[depth] - 1) === 0) {
        if (depth-- === 0) {
          this.reset();
          return at;
        }
      }
    }
    this.scanned = at - start;
    this.depth = depth;
    return -1;
  }
  /** Whether a message may be as large as that. */
  allows(bytes, values) {
    return bytes <= this.maxBytes && values <= this.maxValues;
  }
  /** Throws unless it may. */
  demand(bytes, values) {
    if (bytes > this.maxBytes) throw this.tooLarge();
    if (values > this.maxValues) throw this.tooMany();
  }
  tooLarge() {
    return new ProtocolError(
      `a message is larger than ${this.maxBytes} bytes; where that is right, raise the option maxFrameBytes`
    );
  }
  tooMany() {
    return new ProtocolError(
      `a message claims to hold more than ${this.maxValues} values; where that is right, raise the option maxFrameBytes`
    );
  }
};
function prefixOf2(type) {
  if (type < 196 || type >= 224) return 1;
  return PREFIX[type - 196];
}
function shortClaim(type) {
  if (type < 128 || type >= 224) return 0;
  if (type < 144) return 2 * (type & 15);
  if (type < 160) return type & 15;
  if (type < 192) return type & 31;
  const size = FIXED[type - 192];
  if (size >= 0) return size;
  throw new ProtocolError(
    type === 193 ? "byte 0xc1 begins no MessagePack value" : `MessagePack extension 0x${type.toString(16)} is not part of Serf's protocol`
  );
}
function longClaim(type, bytes, at) {
  switch (type) {
    case 196:
    // bin 8
    case 217:
      return bytes[at + 1];
    case 197:
    // bin 16
    case 218:
    // str 16
    case 220:
      return readUint16(bytes, at + 1);
    case 198:
    // bin 32
    case 219:
    // str 32
    case 221:
      return readUint32(bytes, at + 1);
    case 222:
      return 2 * readUint16(bytes, at + 1);
    default:
      return 2 * readUint32(bytes, at + 1);
  }
}
function readUint16(bytes, at) {
  return bytes[at] << 8 | bytes[at + 1];
}
function readUint32(bytes, at) {
  return bytes[at] * 16777216 + (readUint16(bytes, at + 1) << 8 | bytes[at + 3]);
}
var PREFIX = [2, 3, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 5, 3, 5, 3, 5];
var FIXED = [0, -1, 0, 0, 0, 0, 0, -1, -1, -1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, -1, -1, -1, -1, -1];

// lib/protocol/frames.ts
var MALFORMED = /* @__PURE__ */ Symbol("malformed");
var KEPT_BYTES2 = 1024 * 1024;
var FIRST_BYTES2 = 512;
var FrameDecoder = class {
  constructor(maxBytes, sink) {
    this.sink = sink;
    this.header = { seq: 0, error: "" };
    /** The last header was nobody's: what comes next may be its body, or another header. */
    this.stray = false;
    this.stopped = false;
    /** What is left of the last chunks, from its start. */
    this.kept = Buffer.alloc(0);
    this.keptBytes = 0;
    this.scanner = new Scanner(maxBytes);
    this.reader = new Reader(new Scanner(maxBytes));
  }
  /** Whether the bytes so far end within a frame. */
  get midFrame() {
    return this.keptBytes > 0 || this.owner !== void 0 || this.listing !== void 0;
  }
  /** Delivers nothing more, also not of the chunk it is at. */
  stop() {
    this.stopped = true;
    this.kept = Buffer.alloc(0);
    this.keptBytes = 0;
  }
  /** Throws a `ProtocolError` on bytes that are not the protocol: the connection cannot go on. */
  push(chunk) {
    let from3 = 0;
    while (this.keptBytes > 0 && from3 < chunk.length && !this.stopped) {
      const before = this.keptBytes;
      const more = Math.min(chunk.length - from3, Math.max(FIRST_BYTES2, before));
      this.append(chunk, from3, from3 + more);
      const done2 = this.decode(this.kept, 0, this.keptBytes);
      if (done2 <= before) {
        this.shift(done2);
        from3 += more;
      } else {
        this.shift(this.keptBytes);
        from3 += done2 - before;
      }
    }
    if (from3 === chunk.length || this.stopped) return;
    const done = this.decode(chunk, from3, chunk.length);
    if (done < chunk.length) this.append(chunk, done, chunk.length);
  }
  append(chunk, from3, to) {
    if (this.stopped) return;
    const needed = this.keptBytes + to - from3;
    if (needed > this.kept.length) {
      const grown = Buffer.allocUnsafeSlow(2 * needed);
      this.kept.copy(grown, 0, 0, this.keptBytes);
      this.kept = grown;
    }
    chunk.copy(this.kept, this.keptBytes, from3, to);
    this.keptBytes = needed;
  }
  /** Lets go of the first bytes of what is kept. */
  shift(size) {
    if (size === 0) return;
    this.kept.copyWithin(0, size, this.keptBytes);
    this.keptBytes -= size;
    if (this.keptBytes === 0 && this.kept.length > KEPT_BYTES2) this.kept = Buffer.alloc(0);
  }
  /** Hands out what is whole and returns how far it came. */
  decode(bytes, from3, end) {
    let at = from3;
    while (at < end && !this.stopped) {
      const next = this.listing ? this.elements(this.listing, bytes, at, end) : this.owner ? this.body(this.owner, bytes, at, end) : this.head(bytes, at, end);
      if (next < 0) break;
      at = next;
    }
    return at;
  }
  /** Takes a header and returns where it ends, -1 when it is not all there. */
  head(bytes, at, end) {
    const reader = this.reader;
    reader.begin(bytes, at, end, false);
    let isHeader = this.scanner.idle && readHeader(reader, this.header);
    let next = reader.at;
    if (!isHeader) {
      next = this.scanner.scan(bytes, at, end);
      if (next < 0) return next;
      reader.begin(bytes, at, next, true);
      isHeader = readHeader(reader, this.header);
    }
    if (!isHeader) return this.strayBody(bytes, at, next);
    this.stray = false;
    const { seq, error } = this.header;
    const owner = this.sink.ownerOf(seq);
    if (owner?.expectsBody(error)) {
      this.owner = owner;
      return next;
    }
    this.stray = owner === void 0;
    if (this.sink.tapped) this.sink.tap({ header: { seq, error } });
    owner?.accept(error, void 0);
    return next;
  }
  /** Passes over the body of a header that was nobody's. After any other header it is not the protocol. */
  strayBody(bytes, at, next) {
    if (!this.stray) {
      const shown = bytes.toString("latin1", at, Math.min(next, at + 24)).replace(/[^ -~]/g, ".");
      throw new ProtocolError(
        `what came is not the reply of a Serf agent, it begins with ${JSON.stringify(shown)}; is the port that of another service?`
      );
    }
    this.stray = false;
    if (this.sink.tapped)
      this.sink.tap({ header: { ...this.header }, body: decode(bytes.subarray(at, next)) });
    return next;
  }
  body(owner, bytes, at, end) {
    const reader = this.reader;
    let body;
    let next = -1;
    if (this.scanner.idle) {
      if (owner.list && !this.sink.tapped) {
        next = this.openList(owner, owner.list, bytes, at, end);
        if (next >= 0) return next;
      }
      reader.begin(bytes, at, end, false);
      body = owner.read(reader);
      if (!reader.fault && this.scanner.allows(reader.at - at, reader.values)) next = reader.at;
    }
    if (next < 0) {
      next = this.scanner.scan(bytes, at, end);
      if (next < 0) return next;
      reader.begin(bytes, at, next, true);
      body = owner.read(reader);
      if (reader.fault || reader.at !== next) body = MALFORMED;
    }
    this.owner = void 0;
    const { seq, error } = this.header;
    if (this.sink.tapped) this.sink.tap({ header: { seq, error }, body: decode(bytes.subarray(at, next)) });
    owner.accept(error, body);
    return next;
  }
  /** Begins a list, and returns where its first element is; -1 when there is no list, or not enough of it. */
  openList(owner, list, bytes, at, end) {
    const reader = this.reader;
    reader.begin(bytes, at, end, false);
    const left = list.opens(reader);
    if (left < 1 || reader.fault) return -1;
    const listing = { owner, list, elements: [], left, bytes: reader.at - at, values: left, malformed: false };
    this.scanner.demand(listing.bytes, listing.values);
    this.listing = listing;
    this.owner = void 0;
    return reader.at;
  }
  /** Takes as many elements as are there and returns where the next one is; -1 when not even one is. */
  elements(listing, bytes, at, end) {
    const reader = this.reader;
    let from3 = at;
    while (listing.left > 0 && from3 < end) {
      let next = -1;
      let element;
      if (this.scanner.idle) {
        reader.begin(bytes, from3, end, false);
        element = listing.list.element(reader);
        if (!reader.fault) next = reader.at;
      }
      if (next < 0) {
        next = this.scanner.scan(bytes, from3, end);
        if (next < 0) break;
        reader.begin(bytes, from3, next, true);
        element = listing.list.element(reader);
        if (reader.fault || reader.at !== next) listing.malformed = true;
      }
      listing.bytes += next - from3;
      listing.values += reader.values;
      listing.left--;
      listing.elements.push(element);
      from3 = next;
    }
    this.scanner.demand(listing.bytes + (listing.left > 0 ? end - from3 : 0), listing.values);
    if (listing.left === 0) {
      this.listing = void 0;
      listing.owner.accept(this.header.error, listing.malformed ? MALFORMED : listing.elements);
    }
    return from3 === at ? -1 : from3;
  }
};

// lib/connection/deadlines.ts
var Deadlines = class {
  constructor(clock) {
    this.clock = clock;
    this.lines = /* @__PURE__ */ new Map();
  }
  /** Starts the time of `item`, in ms; 0 is no limit. What it had before is void. */
  start(item, limit) {
    this.clear(item);
    if (limit === 0) return;
    const line = this.lines.get(limit) ?? this.open(limit);
    const deadline = {
      line,
      item,
      due: this.clock.now() + limit,
      before: line.last,
      after: void 0
    };
    item.deadline = deadline;
    if (line.last) line.last.after = deadline;
    else line.first = deadline;
    line.last = deadline;
    line.timer ??= this.clock.after(limit, () => this.due(line));
    if (line.first === deadline) line.timer.hold();
  }
  clear(item) {
    const { deadline } = item;
    if (!deadline) return;
    item.deadline = void 0;
    const { line, before, after: after2 } = deadline;
    if (before) before.after = after2;
    else line.first = after2;
    if (after2) after2.before = before;
    else line.last = before;
    deadline.before = deadline.after = void 0;
    if (!line.first) line.timer?.release();
  }
  /** Ends all without telling anyone. */
  stop() {
    for (const line of this.lines.values()) line.timer?.cancel();
    this.lines.clear();
  }
  open(limit) {
    const line = { limit, first: void 0, last: void 0, timer: void 0 };
    this.lines.set(limit, line);
    return line;
  }
  due(line) {
    line.timer = void 0;
    while (line.first) {
      const { item, due } = line.first;
      const left = due - this.clock.now();
      if (left > 0) {
        line.timer = this.clock.after(left, () => this.due(line));
        line.timer.hold();
        return;
      }
      this.clear(item);
      item.expire();
    }
    this.lines.delete(line.limit);
  }
};

// lib/connection/options.ts
var DEFAULT_HOST = "127.0.0.1";
var DEFAULT_TIMEOUT = 1e4;
var DEFAULT_OTHERS_TIMEOUT = 12e4;
function resolveOptions(options, env = process.env) {
  const { timeout } = options;
  if (timeout !== void 0) milliseconds(timeout, 0, "the option timeout");
  return {
    address: resolveAddress(options, env),
    authKey: text(options.authKey ?? env["SERF_RPC_AUTH"] ?? "", "the option authKey"),
    timeout: timeout ?? DEFAULT_TIMEOUT,
    othersTimeout: timeout ?? DEFAULT_OTHERS_TIMEOUT,
    maxFrameBytes: integerBetween(
      options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES,
      1,
      Number.MAX_SAFE_INTEGER,
      "the option maxFrameBytes"
    ),
    socket: options.socket
  };
}
function limitOf(command, options) {
  const asksOthers = isCommandName(command) && COMMANDS[command].asksOthers;
  return asksOthers ? options.othersTimeout : options.timeout;
}
function resolveAddress({ host, port }, env) {
  if (port !== void 0) checkPort(port, "the option port");
  if (host !== void 0) return { host: nonEmpty(host, "the option host"), port: port ?? DEFAULT_PORT };
  const given = env["SERF_RPC_ADDR"];
  if (given === void 0 || given === "") return { host: DEFAULT_HOST, port: port ?? DEFAULT_PORT };
  const address = parseAddress(given, "the environment variable SERF_RPC_ADDR");
  return { host: address.host, port: port ?? address.port };
}
function parseAddress(given, what) {
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(given);
  const host = parts?.[1] ?? parts?.[2];
  if (!parts || host === void 0 || given === "") {
    throw new TypeError(
      `${what} must be host:port, as in 127.0.0.1:7373 or [::1]:7373, not ${JSON.stringify(given)}`
    );
  }
  const port = parts[3] === void 0 ? DEFAULT_PORT : Number(parts[3]);
  return { host: host === "" ? DEFAULT_HOST : host, port: checkPort(port, `the port of ${what}`) };
}
function checkPort(port, what) {
  return integerBetween(port, 1, 65535, what);
}
function addressOf({ host, port }) {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

// lib/connection/outbox.ts
var BATCH = 24;
var Outbox = class {
  constructor() {
    this.waiting = [];
    this.writer = new Writer();
    this.scheduled = false;
    this.turn = () => {
      this.scheduled = false;
      this.flush();
    };
  }
  put(item) {
    this.waiting.push(item);
    if (!this.socket) return;
    if (this.waiting.length >= BATCH) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      process.nextTick(this.turn);
    }
  }
  open(socket) {
    this.socket = socket;
    this.flush();
  }
  /** Drops what waits. */
  close() {
    this.socket = void 0;
    this.waiting = [];
  }
  flush() {
    if (!this.socket?.writable) return;
    const leaving = this.waiting;
    this.waiting = [];
    for (const item of leaving) if (!item.over) item.depart(this.writer);
    if (this.writer.length > 0) this.socket.write(this.writer.take());
  }
};

// lib/connection/request.ts
var Request = class {
  constructor(call, seq, limit, carrier, subscriber) {
    this.call = call;
    this.seq = seq;
    this.limit = limit;
    this.carrier = carrier;
    this.subscriber = subscriber;
    /** Whether its bytes have been handed to the socket. */
    this.sent = false;
    /** Whether the agent has agreed to it: from then on each frame has a body. */
    this.answered = false;
    this.refused = false;
    /** Whether its one reply has come: what its subscriber does about that, closing the connection perhaps, is no failure of it. */
    this.replied = false;
    this.read = call.read(carrier.responder);
    this.list = call.list;
  }
  depart(writer) {
    writeRequest(writer, this.call.command, this.seq, this.call.body);
    this.sent = true;
    this.carrier.allow(this, this.limit);
  }
  /** Whether nobody waits for it any more. */
  get over() {
    return this.subscriber.closed;
  }
  /** Whether the agent goes on sending records until it is told to stop. */
  get stopDue() {
    return this.call.reply === "records" && this.call.endsAfter === void 0 && this.sent && !this.refused;
  }
  /** The end of its subscription, whatever ended it. */
  unsubscribe() {
    this.carrier.release(this);
  }
  expectsBody(error) {
    return this.answered || bodyFollows(this.call.reply, error);
  }
  accept(error, body) {
    if (body === MALFORMED) this.malformed();
    else if (error !== "") this.refuse(error, body);
    else if (this.call.reply !== "records") {
      this.replied = true;
      this.subscriber.next(this.value(body));
      this.subscriber.complete();
    } else if (!this.answered) {
      this.answered = true;
      this.carrier.allow(this, this.call.endsAfter ?? 0);
      if (this.call.frame) this.subscriber.next(this.value(body));
    } else if (body === DONE) this.subscriber.complete();
    else if (body !== NOISE) {
      this.subscriber.next(this.value(body));
      if (this.call.isLast?.(body)) this.subscriber.complete();
    }
  }
  fail(error) {
    if (!this.replied) this.subscriber.error(error);
  }
  /** A query whose end does not come is over all the same; any other reply is overdue. */
  expire() {
    if (this.answered) this.subscriber.complete();
    else {
      this.fail(
        new TimeoutError(
          `${this.call.command}: no reply from ${this.carrier.address} within ${this.limit} ms; it may have been carried out all the same; raise the option timeout where it takes longer`
        )
      );
    }
  }
  value(body) {
    return this.call.frame ? this.call.frame(this.seq, body) : body;
  }
  malformed() {
    this.fail(
      new ProtocolError(
        `${this.call.command}: the reply of ${this.carrier.address} is not what an agent sends`
      )
    );
  }
  refuse(error, body) {
    this.refused = true;
    const { command } = this.call;
    const code = codeOf(error);
    const advice = adviceFor(code);
    const message = `${command}: ${this.carrier.address} answered: ${error.trim()}`;
    this.fail(
      new RpcError(advice === void 0 ? message : `${message} (${advice})`, {
        code,
        command,
        seq: this.seq,
        body
      })
    );
  }
};

// lib/connection/seq-router.ts
var import_rxjs3 = require("rxjs");
var SLOTS2 = 4096;
var SeqRouter = class {
  constructor() {
    this.frames$ = new import_rxjs3.Subject();
    this.slots = new Array(SLOTS2).fill(void 0);
    this.others = /* @__PURE__ */ new Map();
    this.last = 0;
  }
  nextSeq() {
    return ++this.last;
  }
  add(request) {
    const slot = request.seq % SLOTS2;
    if (this.slots[slot] === void 0) this.slots[slot] = request;
    else this.others.set(request.seq, request);
  }
  remove(request) {
    const slot = request.seq % SLOTS2;
    if (this.slots[slot] === request) this.slots[slot] = void 0;
    else this.others.delete(request.seq);
  }
  ownerOf(seq) {
    const request = this.slots[seq % SLOTS2];
    return request?.seq === seq ? request : this.others.get(seq);
  }
  get tapped() {
    return this.frames$.observed;
  }
  tap(frame) {
    this.frames$.next(frame);
  }
  /** All that wait, the oldest first. */
  get requests() {
    return [...this.slots.filter((request) => request !== void 0), ...this.others.values()].sort(
      (a, b) => a.seq - b.seq
    );
  }
  /** What the agent is at: it takes one request after another, so it is the first that has gone out and is not answered. */
  get current() {
    return this.requests.find((request) => request.sent && !request.answered);
  }
  /** Ends every request, each with an error of its own, and the view of the frames. */
  end(errorFor) {
    const endings = this.requests.map((request) => ({ request, error: errorFor(request) }));
    for (const { request, error } of endings) request.fail(error);
    this.frames$.complete();
  }
};

// lib/connection/socket.ts
var import_node_net = require("node:net");
var import_rxjs4 = require("rxjs");
var READ_BYTES = 256 * 1024;
var KEEPALIVE = 3e4;
function openSocket(options, opened) {
  return new import_rxjs4.Observable((subscriber) => {
    const socket = options.socket ? options.socket(options.address) : dial(options.address, (chunk) => subscriber.next(chunk));
    if (options.socket) {
      socket.on(
        "data",
        (chunk) => subscriber.next(typeof chunk === "string" ? Buffer.from(chunk) : chunk)
      );
    }
    socket.once("error", (error) => subscriber.error(error));
    socket.once("end", () => subscriber.complete());
    socket.once("close", () => subscriber.complete());
    subscriber.add(() => {
      socket.on("error", () => void 0);
      socket.destroy();
    });
    if (socket instanceof import_node_net.Socket && socket.connecting) socket.once("connect", () => opened(socket));
    else opened(socket);
  });
}
function dial({ host, port }, received) {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return (0, import_node_net.createConnection)({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEPALIVE,
    onread: {
      buffer,
      callback: (size) => {
        received(buffer.subarray(0, size));
        return true;
      }
    }
  });
}
function holdProcess(socket, held) {
  if (held) socket.ref?.();
  else socket.unref?.();
}

// lib/connection/channel.ts
var Channel = class {
  constructor(options, clock = systemClock) {
    this.options = options;
    this.clock = clock;
    this.#router = new SeqRouter();
    this.#outbox = new Outbox();
    this.#closed = new import_rxjs5.AsyncSubject();
    this.#dialled = false;
    this.#held = true;
    this.#heardAt = 0;
    this.#receiving = false;
    this.#arrived = [];
    this.responder = (id, payload) => {
      const call = respondCall(id, payload);
      return (0, import_rxjs5.defer)(
        () => this.#ending ? (
          // The id means nothing on any other connection, however this one ended.
          (0, import_rxjs5.throwError)(() => endingFor(call.command, connectionLost(this.address, false, this.#ending)))
        ) : this.run(call)
      );
    };
    this.address = addressOf(options.address);
    this.#deadlines = new Deadlines(clock);
    this.#decoder = new FrameDecoder(options.maxFrameBytes, this.#router);
  }
  #router;
  #outbox;
  #deadlines;
  #decoder;
  #closed;
  #socket;
  #reading;
  #dialTimer;
  #dialled;
  #held;
  #heardAt;
  #receiving;
  #arrived;
  #ending;
  get closed() {
    return this.#ending !== void 0;
  }
  /** Once, when it has ended: why, or `undefined` after `close()`. */
  get closed$() {
    return this.#closed.asObservable();
  }
  /** Why it has ended, `close()` included; told at once, where `closed$` waits until every request has its error. */
  get ending() {
    return this.#ending;
  }
  /** When bytes came last, by the clock. */
  get heardAt() {
    return this.#heardAt;
  }
  get frames$() {
    return this.#router.frames$.asObservable();
  }
  /** The port on this side, by which an agent's log names the connection. */
  get localPort() {
    return this.#socket && "localPort" in this.#socket ? this.#socket.localPort : void 0;
  }
  /** Cold: each subscriber makes a request of its own. `limit` is how long its reply may take, in ms; 0 is no limit. */
  run(call, limit = limitOf(call.command, this.options)) {
    return new import_rxjs5.Observable((subscriber) => {
      if (this.#ending) {
        subscriber.error(endingFor(call.command, this.#ending));
        return;
      }
      const request = new Request(call, this.#router.nextSeq(), limit, this, subscriber);
      this.#router.add(request);
      this.#outbox.put(request);
      this.#dial();
      return request;
    });
  }
  allow(request, limit) {
    this.#deadlines.start(request, limit);
  }
  /** Whether it keeps the process alive while it is open, as it does at first. */
  hold(held) {
    if (this.#held === held) return;
    this.#held = held;
    if (this.#socket) holdProcess(this.#socket, held);
  }
  /** Takes it for lost, although the system has not said so: the peer is silent. */
  giveUp(cause) {
    this.#fail(connectionLost(this.address, this.#decoder.midFrame, cause));
  }
  close() {
    this.#end(connectionClosed(this.address), void 0);
  }
  release(request) {
    this.#deadlines.clear(request);
    this.#router.remove(request);
    if (!request.stopDue || this.#ending) return;
    const stop = (writer) => writeRequest(writer, "stop", this.#router.nextSeq(), { Stop: request.seq });
    this.#outbox.put({ over: false, depart: stop });
  }
  #dial() {
    if (this.#dialled) return;
    this.#dialled = true;
    const { timeout } = this.options;
    if (timeout > 0) {
      this.#dialTimer = this.clock.after(timeout, () => this.#fail(dialTimedOut(this.address, timeout)));
    }
    this.#reading = openSocket(this.options, (socket) => this.#opened(socket)).subscribe({
      next: (chunk) => this.#receive(chunk),
      error: (error) => this.#lost(error),
      complete: () => this.#lost()
    });
    if (this.#ending) this.#reading.unsubscribe();
  }
  #opened(socket) {
    this.#dialTimer?.cancel();
    this.#socket = socket;
    this.#heardAt = this.clock.now();
    if (!this.#held) holdProcess(socket, false);
    this.#outbox.open(socket);
  }
  #receive(chunk) {
    this.#heardAt = this.clock.now();
    if (this.#receiving) {
      this.#arrived.push(Buffer.from(chunk));
      return;
    }
    this.#receiving = true;
    try {
      this.#decoder.push(chunk);
      for (let next = this.#arrived.shift(); next; next = this.#arrived.shift()) this.#decoder.push(next);
    } catch (error) {
      this.#fail(notTheProtocol(this.address, error));
    } finally {
      this.#receiving = false;
    }
  }
  #lost(cause) {
    if (!this.#socket) this.#fail(dialFailed(this.address, cause));
    else this.#fail(connectionLost(this.address, this.#decoder.midFrame, cause));
  }
  #fail(ending) {
    this.#end(ending, ending);
  }
  #end(ending, told) {
    if (this.#ending) return;
    this.#ending = ending;
    this.#dialTimer?.cancel();
    this.#decoder.stop();
    this.#outbox.close();
    this.#deadlines.stop();
    this.#reading?.unsubscribe();
    const culprit = ending.code === "CONNECTION_LOST" ? this.#router.current : void 0;
    this.#router.end(
      (request) => request === culprit && request.call.risky ? patternRefused(this.address, request) : endingFor(request.call.command, ending)
    );
    this.#closed.next(told);
    this.#closed.complete();
  }
};

// lib/connection/opening.ts
var import_rxjs6 = require("rxjs");
function greet(handshake$, auth$, authKey) {
  return (authKey === "" ? handshake$ : (0, import_rxjs6.concat)(handshake$, auth$)).pipe((0, import_rxjs6.ignoreElements)());
}
function open(make, greeting) {
  return new import_rxjs6.Observable((subscriber) => {
    const connection = make();
    let handedOver = false;
    subscriber.add(() => {
      if (!handedOver) connection.close();
    });
    subscriber.add(
      greeting(connection).subscribe({
        error: (error) => subscriber.error(error),
        complete: () => {
          handedOver = true;
          subscriber.next(connection);
          subscriber.complete();
        }
      })
    );
  });
}
function during(opening$, use) {
  return opening$.pipe(
    (0, import_rxjs6.switchMap)((connection) => (0, import_rxjs6.defer)(() => (0, import_rxjs6.from)(use(connection))).pipe((0, import_rxjs6.finalize)(() => connection.close())))
  );
}
function runAlone(options, call) {
  const opening$ = open(
    () => new Channel(options),
    (channel) => greetChannel(channel, options)
  );
  return during(opening$, (channel) => channel.run(call));
}
function greetChannel(channel, { authKey }) {
  return greet(channel.run(handshakeCall()), channel.run(authCall(authKey)), authKey);
}

// lib/client/drops.ts
var BACKLOG = 1e3;
var BURST = 1e3;
var DROPPED = /Dropping event to ipc\.client: \S*:(\d+)$/;
var ACCEPTED = /Accepted client: \S*:(\d+)$/;
function dropsOf(channel$, listeners$, clock, newPace) {
  const listened$ = listeners$.pipe(
    (0, import_rxjs7.map)((count) => count > 0),
    (0, import_rxjs7.distinctUntilChanged)()
  );
  return (0, import_rxjs7.combineLatest)([channel$, listened$]).pipe(
    (0, import_rxjs7.switchMap)(([channel, listened]) => {
      const port = channel?.localPort;
      if (!channel || !listened || port === void 0) return import_rxjs7.EMPTY;
      const pace = newPace();
      return linesAfterBacklog(channel, clock).pipe(
        // Ends with the shared connection: then `switchMap` has moved on.
        (0, import_rxjs7.retry)({ delay: () => after(clock, pace.next()) }),
        dropsAt(port, clock)
      );
    })
  );
}
function linesAfterBacklog(shared, clock) {
  return during(
    open(
      () => {
        const channel = new Channel(shared.options, clock);
        channel.hold(false);
        return channel;
      },
      (channel) => greetChannel(channel, shared.options)
    ),
    (channel) => new import_rxjs7.Observable((subscriber) => {
      let live = false;
      const timer = clock.after(BACKLOG, () => live = true);
      subscriber.add(() => timer.cancel());
      subscriber.add(
        channel.run(monitorCall("info")).subscribe({
          next: (line) => {
            if (live) subscriber.next(line);
            else live = ACCEPTED.exec(line)?.[1] === String(channel.localPort);
          },
          error: (error) => subscriber.error(error)
        })
      );
    })
  );
}
function dropsAt(port, clock) {
  return (lines$) => new import_rxjs7.Observable((subscriber) => {
    let quiet = true;
    let more = false;
    const report = () => {
      quiet = more = false;
      const timer = clock.after(BURST, () => {
        if (more) report();
        else quiet = true;
      });
      subscriber.add(() => timer.cancel());
      subscriber.next();
    };
    return lines$.subscribe({
      next: (line) => {
        if (DROPPED.exec(line)?.[1] !== String(port)) return;
        more = true;
        if (quiet) report();
      },
      error: (error) => subscriber.error(error)
    });
  });
}
function after(clock, delay) {
  return new import_rxjs7.Observable((subscriber) => {
    const timer = clock.after(delay, () => subscriber.next());
    return () => timer.cancel();
  });
}

// lib/client/gaps.ts
function gapsOf(link, streams, clock, watchDrops) {
  const reconnected$ = link.reconnected$.pipe((0, import_rxjs8.filter)(() => streams.takeResumed()));
  const gapsBy = (reason) => (0, import_rxjs8.map)(() => ({ reason, at: /* @__PURE__ */ new Date() }));
  if (!watchDrops) return reconnected$.pipe(gapsBy("reconnected"));
  const drops$ = dropsOf(link.current$, streams.listeners$, clock, () => link.newPace());
  return (0, import_rxjs8.merge)(reconnected$.pipe(gapsBy("reconnected")), drops$.pipe(gapsBy("dropped")));
}

// lib/client/jobs.ts
var import_rxjs10 = require("rxjs");

// lib/client/dial.ts
var import_rxjs9 = require("rxjs");
function openChannel(options, clock) {
  return (0, import_rxjs9.defer)(() => {
    const channel = new Channel(options, clock);
    return open(
      () => channel,
      () => greetChannel(channel, options)
    ).pipe(
      (0, import_rxjs9.catchError)((error) => {
        const reason = channel.ending ?? error;
        return (0, import_rxjs9.throwError)(() => reason);
      })
    );
  });
}
function dialInTurn(connections, clock) {
  return (0, import_rxjs9.defer)(() => dialFrom(0, connections, clock, []));
}
function dialFrom(index, connections, clock, failures) {
  const options = connections[index];
  if (!options) return (0, import_rxjs9.throwError)(() => unreachable(failures));
  return openChannel(options, clock).pipe(
    (0, import_rxjs9.catchError)((error) => {
      if (rejectsKey(error)) return (0, import_rxjs9.throwError)(() => error);
      failures.push({ address: addressOf(options.address), error: asSerfError(error) });
      return dialFrom(index + 1, connections, clock, failures);
    })
  );
}
function rejectsKey(error) {
  return error instanceof RpcError && (error.code === "INVALID_AUTH_TOKEN" || error.code === "AUTH_REQUIRED");
}

// lib/client/jobs.ts
var READS = /* @__PURE__ */ new Set(["members", "members-filtered", "stats", "list-keys", "get-coordinate"]);
var SUBSCRIPTIONS = /* @__PURE__ */ new Set(["stream", "monitor"]);
function natureOf({ command }) {
  if (READS.has(command)) return "read";
  return SUBSCRIPTIONS.has(command) ? "subscription" : "write";
}
function goesApart({ command, risky }) {
  const asksOthers = isCommandName(command) && COMMANDS[command].asksOthers;
  return asksOthers || risky || command === "monitor";
}
function jobOf(call, options, clock, apart = goesApart(call)) {
  const { command } = call;
  return {
    command,
    nature: natureOf(call),
    single: call.reply !== "records",
    apart,
    limit: limitOf(command, options),
    attempt: (channel, limit) => apart ? alone(call, channel.options, clock, limit) : channel.run(call, limit)
  };
}
function alone(call, options, clock, limit) {
  const opening$ = openChannel(options, clock).pipe(
    (0, import_rxjs10.catchError)((error) => (0, import_rxjs10.throwError)(() => endingOf(call.command, asSerfError(error))))
  );
  return during(opening$, (own2) => own2.run(call, limit));
}

// lib/client/link.ts
var import_rxjs12 = require("rxjs");

// lib/client/backoff.ts
var MAX_EXPONENT = 60;
function longestDelay(attempt, { initialDelay, maxDelay }) {
  return Math.min(maxDelay, initialDelay * 2 ** Math.min(attempt, MAX_EXPONENT));
}
function backoffDelay(attempt, dice, limits) {
  return dice * longestDelay(attempt, limits);
}
var Pace = class {
  constructor(limits, dice) {
    this.limits = limits;
    this.dice = dice;
  }
  #attempt = 0;
  #since = 0;
  /** How long to wait before the next attempt, in ms. */
  next() {
    return backoffDelay(this.#attempt++, this.dice(), this.limits);
  }
  established(now) {
    this.#since = now;
  }
  lost(now) {
    if (now - this.#since >= longestDelay(this.#attempt, this.limits)) this.#attempt = 0;
  }
};

// lib/client/heartbeat.ts
var NEXT_TURN = 1;
var Heartbeat = class {
  constructor(interval, clock) {
    this.interval = interval;
    this.clock = clock;
  }
  #timer;
  #probe;
  start(channel) {
    this.stop();
    if (this.interval > 0) this.#listen(channel);
  }
  stop() {
    this.#timer?.cancel();
    this.#probe?.unsubscribe();
    this.#timer = this.#probe = void 0;
  }
  #listen(channel) {
    const left = this.interval - (this.clock.now() - channel.heardAt);
    this.#timer = this.clock.after(Math.max(left, NEXT_TURN), () => {
      if (this.clock.now() - channel.heardAt < this.interval) this.#listen(channel);
      else this.#ask(channel);
    });
  }
  #ask(channel) {
    const before = channel.heardAt;
    this.#probe = channel.run(PROBE, 0).subscribe({ error: () => void 0 });
    const verdict = (then) => () => {
      if (channel.heardAt === before) then();
      else this.start(channel);
    };
    this.#timer = this.clock.after(
      this.interval,
      verdict(() => {
        this.#timer = this.clock.after(
          NEXT_TURN,
          verdict(() => channel.giveUp(silent(channel.address, this.interval)))
        );
      })
    );
  }
};

// lib/client/status.ts
var import_rxjs11 = require("rxjs");
var LEGAL_MOVES = {
  idle: ["connecting", "closed"],
  connecting: ["ready", "idle", "reconnecting", "closed"],
  ready: ["reconnecting", "idle", "closed"],
  reconnecting: ["ready", "idle", "closed"],
  closed: []
};
var StatusBoard = class {
  constructor() {
    this.#current = "idle";
    this.#shown = "idle";
    this.#showing = false;
    this.#due = [];
    this.#moves = new import_rxjs11.Subject();
    /** The current status, then each move; completes once it is `closed`. */
    this.status$ = new import_rxjs11.Observable((subscriber) => {
      if (this.#shown === "closed") {
        subscriber.next("closed");
        subscriber.complete();
        return;
      }
      subscriber.add(
        this.#moves.subscribe({
          next: (status) => subscriber.next(status),
          complete: () => subscriber.complete()
        })
      );
      subscriber.next(this.#shown);
    });
  }
  #current;
  #shown;
  #showing;
  #due;
  #moves;
  get current() {
    return this.#current;
  }
  move(to) {
    if (to === this.#current) return;
    if (!LEGAL_MOVES[this.#current].includes(to)) throw new Error(`no way from ${this.#current} to ${to}`);
    this.#current = to;
    this.#due.push(to);
    if (!this.#showing) this.#show();
  }
  #show() {
    this.#showing = true;
    for (let next = this.#due.shift(); next !== void 0; next = this.#due.shift()) {
      this.#shown = next;
      this.#moves.next(next);
    }
    this.#showing = false;
    if (this.#shown === "closed") this.#moves.complete();
  }
};

// lib/client/link.ts
var Link = class {
  constructor(options, surroundings) {
    this.options = options;
    this.surroundings = surroundings;
    this.addresses = options.connections.map(({ address }) => addressOf(address)).join(", ");
    this.#deadlines = new Deadlines(surroundings.clock);
    this.#pace = this.newPace();
    this.#heartbeat = new Heartbeat(options.heartbeat, surroundings.clock);
  }
  #status = new StatusBoard();
  #passengers = /* @__PURE__ */ new Set();
  #waiting = /* @__PURE__ */ new Set();
  #deadlines;
  #pace;
  #heartbeat;
  #current = new import_rxjs12.BehaviorSubject(void 0);
  #reconnected = new import_rxjs12.Subject();
  #dialling;
  #retryTimer;
  /** Whether there ever was a connection: before that, a failed dial is the caller's to know at once. */
  #proven = false;
  #lost = false;
  #failures = 0;
  #lastError;
  #refusal;
  get status$() {
    return this.#status.status$;
  }
  get status() {
    return this.#status.current;
  }
  /** The channel that is ready, `undefined` while there is none; replayed. */
  get current$() {
    return this.#current;
  }
  /** Once for each connection that took the place of a lost one, after all who waited have set out on it. */
  get reconnected$() {
    return this.#reconnected;
  }
  /** Why nothing will ever be sent again: closed, or a rejected key. */
  get refusal() {
    return this.#refusal;
  }
  /** What kept the connection from being there. */
  get lastError() {
    return this.#lastError;
  }
  get reconnects() {
    return this.options.maxRetries > 0;
  }
  /** For waiting between tries of one's own. */
  newPace() {
    return new Pace(this.options.backoff, this.surroundings.dice);
  }
  /** The channel, if it is ready at this moment. */
  ready() {
    const channel = this.#current.value;
    if (!channel?.closed) return channel;
    this.notice(channel);
    return this.#current.value;
  }
  /** To be told by whoever sees a channel end: it does so a little before the channel itself tells everybody. */
  notice(channel) {
    if (channel.ending && channel === this.#current.value) this.#onLoss(channel.ending);
  }
  has(passenger) {
    return this.#passengers.has(passenger);
  }
  /** From now on it matters whether there is a connection. */
  join(passenger) {

  }
  part(passenger) {

  }
  /** Calls `board` when there is a channel, or `expire` after `limit` ms; 0 is no limit. */
  wait(passenger, limit) {
    this.#waiting.add(passenger);
    this.#deadlines.start(passenger, limit);
    if (!this.#is("idle")) return;
    this.#status.move("connecting");
    if (this.#is("connecting") && !this.#dialling) this.#dial();
  }
  close(by) {
    if (this.#is("closed")) return;
    const channel = this.#current.value;
    this.#halt();
    this.#heartbeat.stop();
    this.#current.next(void 0);
    const closed = clientClosed(this.addresses, by);
    this.#refusal = closed;
    this.#status.move("closed");
    channel?.close();
    this.#dismiss(this.#passengers, closed);
    this.#deadlines.stop();
    this.#current.complete();
    this.#reconnected.complete();
  }
  #is(...statuses) {
    return statuses.includes(this.#status.current);
  }
  #dial() {
    const dialling = dialInTurn(this.options.connections, this.surroundings.clock).subscribe({
      next: (channel) => this.#onChannel(channel),
      error: (error) => this.#onFailure(asSerfError(error))
    });
    if (!dialling.closed) this.#dialling = dialling;
  }
  #onChannel(channel) {
    this.#dialling = void 0;
    this.#proven = true;
    this.#failures = 0;
    this.#pace.established(this.surroundings.clock.now());
    this.#current.next(channel);
    channel.closed$.subscribe(() => this.notice(channel));
    this.#heartbeat.start(channel);
    this.#status.move("ready");
    for (const passenger of [...this.#waiting]) {
      if (this.ready() !== channel) return;
      if (!this.#waiting.delete(passenger)) continue;
      this.#deadlines.clear(passenger);
      passenger.board(channel);
    }
    if (!this.#lost || this.ready() !== channel) return;
    this.#lost = false;
    this.#reconnected.next();
  }
  #onLoss(ending) {
    this.#heartbeat.stop();
    this.#current.next(void 0);
    this.#lastError = ending;
    this.#pace.lost(this.surroundings.clock.now());
    const needed = [...this.#passengers].some((passenger) => passenger.survives(ending));
    this.#lost = needed && this.reconnects;
    if (!this.#lost) this.#status.move("idle");
    else {
      this.#status.move("reconnecting");
      this.#tryLater();
    }
  }
  #onFailure(error) {
    this.#dialling = void 0;
    this.#lastError = error;
    if (rejectsKey(error)) {
      this.#refusal = error;
      this.#give(error, this.#passengers);
    } else if (!this.#proven || !this.reconnects) this.#give(error, this.#waiting);
    else if (this.#is("connecting")) {
      this.#status.move("reconnecting");
      this.#tryLater();
    } else if (++this.#failures >= this.options.maxRetries) {
      this.#give(retriesSpent(this.addresses, this.#failures, error), this.#waiting);
    } else this.#tryLater();
  }
  #tryLater() {
    if (!this.#is("reconnecting") || this.#retryTimer || this.#dialling) return;
    this.#retryTimer = this.surroundings.clock.after(this.#pace.next(), () => {
      this.#retryTimer = void 0;
      this.#dial();
    });
    this.#retryTimer.hold();
  }
  /** Nobody needs it: what is open stays open, without holding the process; what is not is not sought any more. */
  #rest() {
    this.#current.value?.hold(false);
    if (!this.#is("connecting", "reconnecting")) return;
    this.#halt();
    this.#status.move("idle");
  }
  #halt() {
    this.#dialling?.unsubscribe();
    this.#dialling = void 0;
    this.#retryTimer?.cancel();
    this.#retryTimer = void 0;
    this.#failures = 0;
    this.#lost = false;
  }
  /** Gives up, and tells those who are here now: whoever comes from within a callback starts anew. */
  #give(error, whom) {
    const told = new Set(whom);
    for (const passenger of told) {
      if (this.#waiting.delete(passenger)) this.#deadlines.clear(passenger);
    }
    this.#halt();
    this.#status.move("idle");
    this.#dismiss(told, error);
  }
  #dismiss(passengers, error) {
    for (const passenger of [...passengers]) {
      if (this.#passengers.has(passenger)) passenger.fail(error);
    }
  }
};

// lib/client/membership.ts
var import_rxjs13 = require("rxjs");

// lib/client/same-member.ts
function sameMember(a, b) {
  return a.status === b.status && a.addr === b.addr && a.port === b.port && a.name === b.name && a.protocolMin === b.protocolMin && a.protocolMax === b.protocolMax && a.protocolCur === b.protocolCur && a.delegateMin === b.delegateMin && a.delegateMax === b.delegateMax && a.delegateCur === b.delegateCur && sameTags(a.tags, b.tags);
}
function sameTags(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

// lib/client/roster.ts
var Roster = class {
  #members = /* @__PURE__ */ new Map();
  /** What an event says of its members holds until something newer does. */
  apply({ type, members }) {
    let changed = false;
    for (const member of members) {
      const known2 = this.#members.get(member.name);
      if (type === "member-reap") {
        if (this.#members.delete(member.name)) changed = true;
      } else if (!known2 || !sameMember(known2, member)) {
        this.#members.set(member.name, member);
        changed = true;
      }
    }
    return changed;
  }
  /** All that there are, and no others. A member that has not changed stays the same object. */
  replace(members) {
    const known2 = this.#members;
    const listed = /* @__PURE__ */ new Map();
    let changed = members.length !== known2.size;
    for (const member of members) {
      const before = known2.get(member.name);
      const same = before !== void 0 && sameMember(before, member);
      listed.set(member.name, same ? before : member);
      if (!same) changed = true;
    }
    this.#members = listed;
    return changed;
  }
  snapshot() {
    return new Map(this.#members);
  }
};

// lib/client/membership.ts
var HELD_BACK = 3e3;
var FRAME = 50;
function membershipOf(sources, resync, clock) {
  return new import_rxjs13.Observable((subscriber) => {
    const keeper = new Keeper(sources, resync, clock, subscriber);
    subscriber.add(() => keeper.stop());
    keeper.start();
  });
}
var Keeper = class {
  constructor(sources, resync, clock, subscriber) {
    this.sources = sources;
    this.resync = resync;
    this.clock = clock;
    this.subscriber = subscriber;
  }
  #roster = new Roster();
  #listening = new import_rxjs13.Subscription();
  #reading;
  #readTimer;
  #frameTimer;
  #known = false;
  /** Whether an event came while the list was being read: which of the two is newer cannot be told. */
  #overlapped = false;
  #shownAt = -Infinity;
  /** When the next regular reading is due. */
  #resyncAt = Infinity;
  start() {
    this.#listening.add(
      this.sources.events$.subscribe({
        next: (event) => this.#hear(event),
        error: (error) => this.subscriber.error(error)
      })
    );
    this.#listening.add(this.sources.gaps$.subscribe(() => this.#read(true)));
    if (!this.subscriber.closed) this.#read(true);
  }
  stop() {
    this.#listening.unsubscribe();
    this.#reading?.unsubscribe();
    this.#readTimer?.cancel();
    this.#frameTimer?.cancel();
  }
  #hear(event) {
    this.#overlapped = true;
    if (this.#known && this.#roster.apply(event)) this.#show();
  }
  #read(regular) {
    this.#reading?.unsubscribe();
    this.#readTimer?.cancel();
    this.#overlapped = false;
    if (regular) this.#resyncAt = this.resync === 0 ? Infinity : this.clock.now() + this.resync;
    this.#reading = this.sources.members$.subscribe({
      next: (members) => this.#take(members, regular),
      error: (error) => this.#notRead(error)
    });
  }
  #take(members, regular) {
    const changed = this.#roster.replace(members);
    if (regular || this.#overlapped) this.#readIn(HELD_BACK, false);
    else this.#readIn(Infinity, false);
    if (changed || !this.#known) this.#show();
    this.#known = true;
  }
  /** What is known stays, while the connection is away: the stream will tell when it is over for good. */
  #notRead(error) {
    const away = error instanceof ConnectionError || error instanceof TimeoutError;
    if (this.#known && away) this.#readIn(HELD_BACK, true);
    else this.subscriber.error(error);
  }
  #readIn(delay, regular) {
    const untilResync = Math.max(0, this.#resyncAt - this.clock.now());
    const next = Math.min(delay, untilResync);
    if (next === Infinity) return;
    this.#readTimer = this.clock.after(next, () => this.#read(regular || untilResync <= delay));
  }
  #show() {
    if (this.#frameTimer) return;
    const wait = this.#shownAt + FRAME - this.clock.now();
    if (wait > 0) {
      this.#frameTimer = this.clock.after(wait, () => {
        this.#frameTimer = void 0;
        this.#emit();
      });
    } else this.#emit();
  }
  #emit() {
    this.#shownAt = this.clock.now();
    this.subscriber.next(this.#roster.snapshot());
  }
};

// lib/client/nearest.ts
var import_rxjs14 = require("rxjs");

// lib/rtt.ts
function rtt(a, b) {
  if (a.vec.length !== b.vec.length) {
    throw new RangeError(`coordinates of ${a.vec.length} and ${b.vec.length} dimensions cannot be compared`);
  }
  const seconds = Math.hypot(...a.vec.map((component, index) => component - (b.vec[index] ?? 0))) + a.height + b.height;
  const adjusted = seconds + a.adjustment + b.adjustment;
  return 1e3 * (adjusted > 0 ? adjusted : seconds);
}

// lib/client/nearest.ts
var AT_ONCE = 64;
function nearestOf(agent, count) {
  return (0, import_rxjs14.forkJoin)([agent.stats(), agent.members()]).pipe(
    (0, import_rxjs14.switchMap)(([stats, members]) => {
      const alive = members.filter(({ status }) => status === "alive");
      return agent.getCoordinate(stats.agent.name).pipe((0, import_rxjs14.switchMap)((own2) => own2 ? distances(agent, own2, alive) : (0, import_rxjs14.of)([])));
    }),
    (0, import_rxjs14.map)((neighbours) => neighbours.sort(byDistance).slice(0, count))
  );
}
function distances(agent, own2, members) {
  return (0, import_rxjs14.from)(members).pipe(
    (0, import_rxjs14.mergeMap)(
      (member) => agent.getCoordinate(member.name).pipe((0, import_rxjs14.map)((coordinate) => ({ member, coordinate }))),
      AT_ONCE
    ),
    (0, import_rxjs14.toArray)(),
    (0, import_rxjs14.map)(
      (all) => all.flatMap(({ member, coordinate }) => coordinate ? [{ member, rtt: rtt(own2, coordinate) }] : [])
    )
  );
}
function byDistance(a, b) {
  return a.rtt - b.rtt || (a.member.name < b.member.name ? -1 : 1);
}

// lib/client/options.ts
var DEFAULT_INITIAL_DELAY = 100;
var DEFAULT_MAX_DELAY = 1e4;
function resolveClientOptions(options, env = process.env) {
  const { reconnect = {}, heartbeat = 0, watchDrops = false } = options;
  const { initialDelay = DEFAULT_INITIAL_DELAY, maxDelay = DEFAULT_MAX_DELAY } = reconnect || {};
  return {
    connections: resolveConnections(options, env),
    backoff: {
      initialDelay: milliseconds(initialDelay, 0, "the option reconnect.initialDelay"),
      maxDelay: milliseconds(maxDelay, 0, "the option reconnect.maxDelay")
    },
    maxRetries: reconnect === false ? 0 : resolveRetries(reconnect.maxRetries),
    heartbeat: milliseconds(heartbeat, 0, "the option heartbeat"),
    watchDrops
  };
}
function resolveConnections(options, env) {
  const { addresses } = options;
  if (addresses === void 0) return [resolveOptions(options, env)];
  const resolve = (address) => {
    const what = "an entry of the option addresses";
    return resolveOptions({ ...options, ...parseAddress(text(address, what), what) }, env);
  };
  const [first, ...others2] = Array.isArray(addresses) ? addresses.map(resolve) : [];
  if (!first)
    throw new TypeError("the option addresses must be an array of host:port, with one entry at least");
  return [first, ...others2];
}
function resolveRetries(maxRetries = Infinity) {
  if (maxRetries === Infinity) return maxRetries;
  return integerBetween(maxRetries, 0, Number.MAX_SAFE_INTEGER, "the option reconnect.maxRetries");
}

// lib/client/shared-streams.ts
var import_rxjs15 = require("rxjs");
var LINGER = 3e4;
var SharedStreams = class {
  constructor(link, clock) {
    this.link = link;
    this.clock = clock;
  }
  #streams = /* @__PURE__ */ new Map();
  #listeners = new import_rxjs15.BehaviorSubject(0);
  /** How many listen to streams; replayed. */
  get listeners$() {
    return this.#listeners;
  }
  /** Whether one that is listened to has been set up again since this was asked last. */
  takeResumed() {
    return [...this.#streams.values()].filter((stream) => stream.takeResumed()).length > 0;
  }
  /** Cold: joins the stream of this filter, or begins it. */
  of(filter3, job) {
    return new import_rxjs15.Observable((subscriber) => {
      let stream = this.#streams.get(filter3);
      if (!stream) {
        stream = new SharedStream(job, this.link, this.clock, () => this.#streams.delete(filter3));
        this.#streams.set(filter3, stream);
      }
      this.#listeners.next(this.#listeners.value + 1);
      subscriber.add(() => this.#listeners.next(this.#listeners.value - 1));
      stream.join(subscriber);
    });
  }
  /** Takes leave of those that only linger. */
  close() {
    for (const stream of this.#streams.values()) stream.close();
    this.#listeners.complete();
  }
};
var SharedStream = class {
  constructor(job, link, clock, forget) {
    this.link = link;
    this.clock = clock;
    this.forget = forget;
    const attempt = (channel, limit) => {
      if (this.#errand.resumed) this.#resumed = true;
      return job.attempt(channel, limit);
    };
    this.#errand = new Errand({ ...job, attempt }, link, clock, {
      next: (event) => this.#events.next(event),
      error: (error) => this.#end(() => this.#events.error(error)),
      complete: () => this.#end(() => this.#events.complete())
    });
  }
  #events = new import_rxjs15.Subject();
  #errand;
  #linger;
  #started = false;
  #ended = false;
  #resumed = false;
  get observed() {
    return this.#events.observed;
  }
  join(subscriber) {
    this.#events.subscribe(subscriber);
    subscriber.add(() => this.#leave());
    this.#enter();
  }
  takeResumed() {
    const resumed = this.#resumed && this.observed;
    this.#resumed = false;
    return resumed;
  }
  close() {
    if (!this.observed) this.#end(() => void 0);
  }
  #enter() {
    this.#linger?.cancel();
    this.#linger = void 0;
    if (this.#started) this.link.join(this.#errand);
    else {
      this.#started = true;
      this.#errand.start();
    }
  }
  #leave() {
    if (this.observed || this.#ended) return;
    if (!this.#errand.underWay) {
      this.#end(() => void 0);
      return;
    }
    this.link.part(this.#errand);
    this.#linger?.cancel();
    this.#linger = this.clock.after(LINGER, () => this.#end(() => void 0));
  }
  #end(tell) {
    if (this.#ended) return;
    this.#ended = true;
    this.#linger?.cancel();
    this.forget();
    this.#errand.unsubscribe();
    tell();
  }
};

// lib/client/client.ts
var DEFAULT_RESYNC = 6e4;
var Client = class extends Commands {
  /** @internal */
  constructor(options = {}, surroundings = { clock: systemClock, dice: Math.random }) {
    super();
    this.#gaps = new import_rxjs16.Subject();
    this.#memberships = /* @__PURE__ */ new Map();
    /**
     * All members by name, and a new map when something has changed: for each record of events, or per 50 ms under load.
     * A map once emitted never changes, and a member that stays the same stays the same object. Shared: a late subscriber
     * gets the current map at once. Never completes by itself. Errors as `stream` and `members` do; a lost connection is no error,
     * and the last map stands until the list can be read again.
     * @example
     * membership().subscribe((members) => console.log([...members.values()].filter((member) => member.status === 'alive').length))
     */
    this.membership = (options = {}) => {
      const resync = milliseconds(options.resync ?? DEFAULT_RESYNC, 0, "the option resync");
      const known2 = this.#memberships.get(resync);
      if (known2) return known2;
      const events$ = this.stream([
        "member-join",
        "member-leave",
        "member-failed",
        "member-update",
        "member-reap"
      ]);
      const sources = { events$, members$: this.members(), gaps$: this.gaps$ };
      const membership$ = membershipOf(sources, resync, this.#surroundings.clock).pipe(
        (0, import_rxjs16.share)({ connector: () => new import_rxjs16.ReplaySubject(1) })
      );
      this.#memberships.set(resync, membership$);
      return membership$;
    };
    /**
     * The alive members by their estimated round trip from the agent, the nearest first: the agent's own node is one of them.
     * Emits once. Members without a coordinate are left out; where coordinates are disabled nobody is left.
     * @param count How many at most. Default: all.
     * @example
     * nearest(3).subscribe((nodes) => nodes.forEach(({ member, rtt }) => console.log(member.name, rtt.toFixed(1), 'ms')))
     */
    this.nearest = (count = Infinity) => {
      if (count !== Infinity) integerBetween(count, 1, Number.MAX_SAFE_INTEGER, "the count of members");
      return nearestOf(this, count);
    };
    /** Ends the client: everything that waits, and every later subscription, errors with `ConnectionError`, code `CLOSED`. */
    this.close = () => this.#end("close()");
    this.#options = resolveClientOptions(options);
    this.#surroundings = surroundings;
    this.#link = new Link(this.#options, surroundings);
    this.#streams = new SharedStreams(this.#link, surroundings.clock);
    this.status$ = this.#link.status$;
    this.gaps$ = this.#gaps.asObservable();
    const { watchDrops } = this.#options;
    this.#watching = gapsOf(this.#link, this.#streams, surroundings.clock, watchDrops).subscribe(
      (gap) => this.#gaps.next(gap)
    );
  }
  #options;
  #surroundings;
  #link;
  #streams;
  #gaps;
  #memberships;
  #watching;
  #leaving;
  [Symbol.dispose]() {
    this.close();
  }
  /** What `console.log` shows: where it leads, and no key. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return `Client { ${this.#link.addresses}, ${this.#link.status} }`;
  }
  run(call) {
    const job = this.#job(call);
    if (call.command === "stream") return this.#streams.of(JSON.stringify(call.body), job);
    return call.command === "leave" ? this.#leave(job) : this.#carryOut(job);
  }
  runApart(call) {
    return this.#carryOut(this.#job(call, true));
  }
  #job(call, apart = goesApart(call)) {
    const [first] = this.#options.connections;
    return jobOf(call, first, this.#surroundings.clock, apart);
  }
  #carryOut(job) {
    return new import_rxjs16.Observable((subscriber) => {
      const errand = new Errand(job, this.#link, this.#surroundings.clock, subscriber);
      errand.start();
      return errand;
    });
  }
  /** Shared while it is under way: a second `leave` would make the agent drop everything and end at once. */
  #leave(job) {
    return (0, import_rxjs16.defer)(() => {
      this.#leaving ??= (0, import_rxjs16.concat)(
        this.#carryOut(job).pipe((0, import_rxjs16.ignoreElements)()),
        (0, import_rxjs16.defer)(() => {
          this.#end("leave()");
          return (0, import_rxjs16.of)(void 0);
        })
      ).pipe((0, import_rxjs16.share)());
      return this.#leaving;
    });
  }
  #end(by) {
    this.#link.close(by);
    this.#streams.close();
    this.#watching.unsubscribe();
    this.#gaps.complete();
  }
};

// lib/client/create-client.ts
function createClient(options) {
  return new Client(options);
}

// lib/connection/connection.ts
var Connection = class extends Commands {
  constructor(options = {}) {
    super();
    /** Comes first on every connection. A second one is an `RpcError`. */
    this.handshake = () => this.run(handshakeCall());
    /**
     * Shows the agent its key, after the handshake.
     * @param key Default: the option `authKey`.
     * @throws RpcError `INVALID_AUTH_TOKEN`; the connection goes on.
     */
    this.auth = (key) => this.run(authCall(key ?? this.#options.authKey));
    /**
     * Answers a query that a stream of this connection has delivered; the event's own `respond` is the same.
     * @throws RpcError `INVALID_QUERY_ID` past the deadline or for an id of another connection; RangeError for an id that is none.
     */
    this.respond = (id, payload) => this.run(respondCall(id, payload));
    /**
     * Any command with any body in Serf's own words, and every frame that answers it. A known command ends as that command
     * does, an unknown one with its first frame. Integers beyond 2^53 go as `bigint`.
     * @throws TypeError or RangeError for what the wire cannot carry: fractions, dates, functions.
     * @example
     * connection.request('get-coordinate', { Node: 'web-1' }).subscribe(({ body }) => console.log(body))
     */
    this.request = (command, body) => this.run(rawCall(command, body));
    /** Ends the connection; everything that waits errors with `ConnectionError`, code `CLOSED`. May be called again. */
    this.close = () => this.#channel.close();
    this.#options = resolveOptions(options);
    this.#channel = new Channel(this.#options);
  }
  #options;
  #channel;
  get host() {
    return this.#options.address.host;
  }
  get port() {
    return this.#options.address.port;
  }
  /** Whether it has ended, by `close()` or by itself. */
  get closed() {
    return this.#channel.closed;
  }
  /** Emits once, when the connection has ended: why, or `undefined` after `close()`; then completes. Late subscribers get it too. */
  get closed$() {
    return this.#channel.closed$;
  }
  /** Every frame that arrives, for debugging: hot, decoded only while somebody listens, completes with the connection. */
  get frames$() {
    return this.#channel.frames$;
  }
  [Symbol.dispose]() {
    this.close();
  }
  /** What `console.log` shows: where it leads, and no key. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return `Connection { ${this.#channel.address}, ${this.closed ? "closed" : "open"} }`;
  }
  run(call) {
    return this.#channel.run(call);
  }
  runApart(call) {
    return runAlone(this.#options, call);
  }
};

// lib/connection/connect.ts
function connect(first = {}, second) {
  const [options, use] = typeof first === "function" ? [{}, first] : [first, second];
  const { address, authKey } = resolveOptions(options);
  const opening$ = open(
    () => new Connection({ ...options, ...address, authKey }),
    (connection) => greet(connection.handshake(), connection.auth(), authKey)
  );
  return use ? during(opening$, use) : opening$;
}

// spec/support/serf-agent.ts
var import_node_child_process = require("node:child_process");
var import_node_fs = require("node:fs");
var import_node_net3 = require("node:net");
var import_node_os = require("node:os");
var import_node_path = require("node:path");

// spec/support/free-port.ts
var import_node_net2 = require("node:net");
function freePort() {
  return new Promise((resolve, reject) => {
    const server = (0, import_node_net2.createServer)();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address) resolve(address.port);
        else reject(new Error("no port was given"));
      });
    });
  });
}

// spec/support/until.ts
async function until(what, condition, deadline = 2e4) {
  const start = Date.now();
  for (; ; ) {
    const value = await condition();
    if (value) return value;
    if (Date.now() - start > deadline) throw new Error(`not within ${deadline} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// spec/support/serf-agent.ts
var running = /* @__PURE__ */ new Set();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
var SerfAgent = class _SerfAgent {
  constructor(name, port, gossip, authKey, child, folder) {
    this.name = name;
    this.port = port;
    this.gossip = gossip;
    this.authKey = authKey;
    this.child = child;
    this.folder = folder;
    this.host = "127.0.0.1";
    this.#log = "";
    this.#stopping = false;
    for (const output of [child.stdout, child.stderr])
      output?.on("data", (text4) => this.#log += String(text4));
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => {
        running.delete(child);
        resolve();
      });
      child.once("error", (error) => {
        this.#log += `${error.message}
`;
        running.delete(child);
        resolve();
      });
    });
  }
  #log;
  #stopping;
  #exited;
  static async start(options = {}) {
    for (let attempt = 1; ; attempt++) {
      const agent = await _SerfAgent.#launch(options);
      try {
        await until(`agent ${agent.name} accepts RPC connections`, () => agent.#accepts());
        return agent;
      } catch (error) {
        const inUse = agent.log.includes("address already in use") && options.port === void 0;
        agent.#stopping = true;
        await agent.stop();
        if (!inUse || attempt === 5) throw error;
      }
    }
  }
  static async #launch(options) {
    const { name = "node-a", tags = {}, authKey, config = {}, env = {} } = options;
    const port = options.port ?? await freePort();
    const bindPort = options.bindPort ?? await freePort();
    const folder = (0, import_node_fs.mkdtempSync)((0, import_node_path.join)((0, import_node_os.tmpdir)(), "serfx-agent-"));
    const file = (0, import_node_path.join)(folder, "agent.json");
    (0, import_node_fs.writeFileSync)(
      file,
      JSON.stringify({ tags, ...authKey === void 0 ? {} : { rpc_auth: authKey }, ...config })
    );
    const gossip = `127.0.0.1:${bindPort}`;
    const child = (0, import_node_child_process.spawn)(
      process.env["SERF_BIN"] ?? "serf",
      [
        "agent",
        `-node=${name}`,
        `-bind=${gossip}`,
        `-rpc-addr=127.0.0.1:${port}`,
        "-profile=local",
        `-config-file=${file}`
      ],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } }
    );
    running.add(child);
    return new _SerfAgent(name, port, gossip, authKey, child, folder);
  }
  get pid() {
    return this.child.pid ?? -1;
  }
  /** What it has written to stdout and stderr so far. */
  get log() {
    return this.#log;
  }
  get alive() {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== void 0;
  }
  async #accepts() {
    this.expectAlive();
    return new Promise((resolve) => {
      const socket = (0, import_node_net3.connect)(this.port, this.host);
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  }
  /** Throws, with the end of its log, when the agent has died on its own: the spec is not to blame. */
  expectAlive() {
    if (this.#stopping || this.alive) return;
    throw new Error(
      `agent ${this.name} died on its own (exit ${this.child.exitCode ?? this.child.signalCode ?? "unknown"}):
${this.#log.slice(-3e3)}`
    );
  }
  signal(signal) {
    if (this.alive) this.child.kill(signal);
  }
  /** Resolves when the process has ended, whoever ended it. */
  exited() {
    this.#stopping = true;
    return this.#exited;
  }
  /** SIGKILL, and wait. An agent that had died on its own before is reported. */
  async stop() {
    try {
      this.expectAlive();
    } finally {
      this.#stopping = true;
      this.signal("SIGKILL");
      await this.#exited;
      (0, import_node_fs.rmSync)(this.folder, { recursive: true, force: true });
    }
  }
  async [Symbol.asyncDispose]() {
    await this.stop();
  }
};

// .probe/perf.ts
var import_rxjs17 = require("rxjs");
async function go(name, c) {
  const n = 1e5;
  await (0, import_rxjs17.lastValueFrom)((0, import_rxjs17.range)(0, 2e4).pipe((0, import_rxjs17.mergeMap)(() => c.getCoordinate("x"), 64)));
  const cpu = process.cpuUsage();
  const t = performance.now();
  await (0, import_rxjs17.lastValueFrom)((0, import_rxjs17.range)(0, n).pipe((0, import_rxjs17.mergeMap)(() => c.getCoordinate("x"), 64)));
  const d = process.cpuUsage(cpu);
  console.log(name, Math.round(n / (performance.now() - t) * 1e3), "req/s", ((d.user + d.system) / n).toFixed(2), "us cpu/req", "heap", (process.memoryUsage().heapUsed / 1e6).toFixed(0));
}
(async () => {
  const agent = await SerfAgent.start();
  const conn = await (0, import_rxjs17.firstValueFrom)(connect({ host: agent.host, port: agent.port }));
  const client = createClient({ host: agent.host, port: agent.port });
  for (let i = 0; i < 3; i++) {
    await go("connection", conn);
    await go("client", client);
  }
  conn.close();
  client.close();
  await agent.stop();
})();

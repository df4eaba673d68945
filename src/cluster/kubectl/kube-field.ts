/** A value inside an object that kubectl printed, which knows where it stands. */
import { parseAddress, type Address } from "#net/address.js";
import { parsePrefix } from "#net/prefix.js";

/** An object that no API server would have: where, what was expected, what is there. */
export class KubeFault extends Error {
  override readonly name = "KubeFault";
}

/** Paths are put together for faults alone: of twenty thousand pods nearly every field is right. */
export class KubeField {
  readonly value: unknown;
  readonly #parent: KubeField | undefined;
  readonly #key: string;

  constructor(value: unknown, parent: KubeField | undefined, key: string) {
    this.value = value;
    this.#parent = parent;
    this.#key = key;
  }

  /** `items[3].spec.ports[0].port`. */
  get path(): string {
    const before = this.#parent?.path ?? "";
    const isIndex = this.#key.startsWith("[");
    return before === "" || isIndex ? `${before}${this.#key}` : `${before}.${this.#key}`;
  }

  get isGiven(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** What is not there reads as undefined, and so do its fields. */
  at(key: string): KubeField {
    if (!this.isGiven) return new KubeField(undefined, this, key);
    return new KubeField(this.#object()[key], this, key);
  }

  get entries(): Readonly<Record<string, unknown>> {
    return this.isGiven ? this.#object() : {};
  }

  get list(): readonly KubeField[] {
    if (!this.isGiven) return [];
    if (!Array.isArray(this.value)) throw this.fault("a list");
    return this.value.map((value: unknown, index) => new KubeField(value, this, `[${index}]`));
  }

  get text(): string | undefined {
    if (!this.isGiven) return undefined;
    if (typeof this.value !== "string") throw this.fault("text");
    return this.value;
  }

  get flag(): boolean | undefined {
    if (!this.isGiven) return undefined;
    if (typeof this.value !== "boolean") throw this.fault("true or false");
    return this.value;
  }

  get whole(): number | undefined {
    if (!this.isGiven) return undefined;
    if (!Number.isInteger(this.value)) throw this.fault("a whole number");
    return Number(this.value);
  }

  /** 0 is how the API writes that there is none. */
  get port(): number | undefined {
    const { whole } = this;
    if (whole === undefined || whole === 0) return undefined;
    if (whole < 1 || whole > 65_535) throw this.fault("a port from 1 to 65535");
    return whole;
  }

  /** Empty is how the API writes that there is none. */
  get address(): Address | undefined {
    const { text } = this;
    if (text === undefined || text === "") return undefined;
    return parseAddress(text) ?? this.#refuse("an IP address");
  }

  get prefix(): string | undefined {
    const { text } = this;
    if (text === undefined || text === "") return undefined;
    return parsePrefix(text) ? text : this.#refuse("a prefix such as 10.244.0.0/24");
  }

  /** Undefined is `otherwise`, as the API server fills in defaults. */
  oneOf<Word extends string>(words: readonly Word[], otherwise: Word): Word {
    const { text } = this;
    if (text === undefined || text === "") return otherwise;
    return words.find((word) => word === text) ?? this.#refuse(words.join(" or "));
  }

  needed<Value>(value: Value | undefined, expected: string): Value {
    return value ?? this.#refuse(expected);
  }

  fault(expected: string): KubeFault {
    return new KubeFault(
      `${this.path}: not ${expected}\n    expected  ${expected}\n    observed  ${this.#shown()}`,
    );
  }

  #refuse(expected: string): never {
    throw this.fault(expected);
  }

  #object(): Readonly<Record<string, unknown>> {
    if (isObject(this.value)) return this.value;
    throw this.fault("an object");
  }

  /** Lists and objects may hold anything, secrets too: only their kind is said. */
  #shown(): string {
    if (!this.isGiven) return "nothing";
    if (Array.isArray(this.value)) return `a list of ${this.value.length}`;
    if (typeof this.value === "object") return "an object";
    return JSON.stringify(this.value).slice(0, MAX_SHOWN);
  }
}

const MAX_SHOWN = 60;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

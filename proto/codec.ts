/**
 * What may be encoded as a `T`: every field may be left out, at every level. A field that is left
 * out or `undefined` has its default value, or is absent where the schema tells absent from empty.
 */
export type Init<T> = T extends string | number | boolean | Uint8Array ? T
  : T extends readonly (infer U)[] ? readonly Init<U>[]
  : T extends object ? { readonly [K in keyof T]?: Init<T[K]> | undefined }
  : T;

/**
 * Turns one type of message into bytes and back.
 *
 * @example
 * ```ts
 * import { FrameType, StreamRequest } from "@jumpstarter/proto";
 *
 * const bytes = StreamRequest.encode({ frameType: FrameType.GOAWAY });
 * console.log(StreamRequest.decode(bytes).frameType === FrameType.GOAWAY); // true
 * ```
 */
export interface Codec<T> {
  /** Full name of the message type, such as `jumpstarter.v1.StreamRequest`. */
  readonly typeName: string;
  /**
   * Encodes a message. The same message always gives the same bytes: fields ascend by number, map
   * entries by key. The result is a `Buffer` where the runtime has one.
   *
   * @throws {TypeError} When a field holds a value that its type cannot carry.
   * @throws {RangeError} When messages nest more than 100 deep.
   */
  encode(value: Init<T>): Uint8Array;
  /**
   * Decodes a message and skips unknown fields. Fields of bytes are views of `bytes`, not copies.
   * Maps come as objects without a prototype, so that no key is special.
   *
   * @throws {DecodeError} When `bytes` is not such a message.
   */
  decode(bytes: Uint8Array): T;
}

/** Bytes are not a message of the wanted type, or hold an integer that a number cannot hold. */
export class DecodeError extends RangeError {
  /** Always `DecodeError`. */
  override readonly name = "DecodeError";
  /** Full name of the wanted message type. */
  readonly typeName: string;

  /** Names the wanted type, and why the bytes are not one. */
  constructor(typeName: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`cannot decode ${typeName}: ${reason}`, { cause });
    this.typeName = typeName;
  }
}

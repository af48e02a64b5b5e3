/**
 * The generator behind the signing keys of the Go controller: the additive lagged Fibonacci generator
 * of Go's `math/rand`, as far as those keys need it. It is not for new keys: it has at most 2³¹ seeds.
 */

const LENGTH = 607;
/** A new number is the sum of the ones 607 and 273 before it. */
const FEED = LENGTH - 273;
const MASK_63 = (1n << 63n) - 1n;
const LEHMER_MODULUS = 2147483647;
/** How far the state that Go mixes into every seed is from its beginning. */
const MIXED_IN_AFTER = 7_800_000_000_000n;

/** The first bytes that `rand.New(rand.NewSource(seed)).Read` gives. */
export function goRandomBytes(seed: bigint, count: number): Uint8Array<ArrayBuffer> {
  const state = lehmer(seed, 20n).map((value, index) => value ^ mixedIn()[index]!);
  const bytes = new Uint8Array(count);
  let value = 0n;
  for (let index = 0; index < count; index++) {
    value = index % 7 === 0 ? next(state, 1 + index / 7) & MASK_63 : value >> 8n;
    bytes[index] = Number(value & 0xffn);
  }
  return bytes;
}

/** The `step`th number, from 1; steps are taken in order. */
function next(state: bigint[], step: number): bigint {
  const feed = modulo(FEED - step);
  return state[feed] = BigInt.asUintN(64, state[feed]! + state[modulo(-step)]!);
}

function modulo(index: number): number {
  return ((index % LENGTH) + LENGTH) % LENGTH;
}

/** 607 numbers, each made of three steps of a Lehmer generator, `shift` bits apart. */
function lehmer(seed: bigint, shift: bigint): bigint[] {
  let x = Number(seed % BigInt(LEHMER_MODULUS));
  if (x < 0) x += LEHMER_MODULUS;
  if (x === 0) x = 89482311;
  const step = () => BigInt(x = (48271 * x) % LEHMER_MODULUS);
  for (let warming = 0; warming < 20; warming++) step();
  return Array.from(
    { length: LENGTH },
    () => BigInt.asUintN(64, (step() << (2n * shift)) ^ (step() << shift) ^ step()),
  );
}

let mixed: readonly bigint[] | undefined;

/**
 * The state of the generator, seeded with 1, after very many steps. Go keeps it as a table; here
 * it is worked out: the state after n steps is linear in the first one, with the coefficients of
 * xⁿ modulo x⁶⁰⁷ − x³³⁴ − 1.
 */
function mixedIn(): readonly bigint[] {
  if (mixed !== undefined) return mixed;
  const start = lehmer(1n, 10n);
  const sequence = start.map((_, index) => start[modulo(FEED - 1 - index)]!);
  for (let index = 0; index < LENGTH; index++) {
    sequence.push(BigInt.asUintN(64, sequence[index]! + sequence[index + FEED]!));
  }
  const jump = powerOfX(MIXED_IN_AFTER);
  const state: bigint[] = [];
  for (let ahead = 0; ahead < LENGTH; ahead++) {
    const sum = jump.reduce((sum, factor, index) => sum + factor * sequence[index + ahead]!, 0n);
    const step = Number(MIXED_IN_AFTER % BigInt(LENGTH)) + ahead + 1;
    state[modulo(FEED - step)] = BigInt.asUintN(64, sum);
  }
  return mixed = state;
}

/** The coefficients of xⁿ modulo x⁶⁰⁷ − x³³⁴ − 1, each modulo 2⁶⁴. */
function powerOfX(exponent: bigint): bigint[] {
  let power = [1n];
  for (const bit of exponent.toString(2)) {
    power = square(power);
    if (bit === "1") power.unshift(0n);
    power = reduce(power);
  }
  return power;
}

/** Hexadecimal digits of a coefficient of a square: below 607 · 2¹²⁸. */
const DIGITS = 36;

/** Squares a polynomial as one large number, whose digits are far enough apart not to mix. */
function square(polynomial: readonly bigint[]): bigint[] {
  const digits = (value: bigint) => value.toString(16).padStart(DIGITS, "0");
  const packed = BigInt(`0x${polynomial.toReversed().map(digits).join("")}`);
  const count = 2 * polynomial.length - 1;
  const squared = (packed * packed).toString(16).padStart(count * DIGITS, "0").slice(
    -count * DIGITS,
  );
  return Array.from({ length: count }, (_, index) => {
    const start = (count - 1 - index) * DIGITS;
    return BigInt.asUintN(64, BigInt(`0x${squared.slice(start, start + DIGITS)}`));
  });
}

function reduce(polynomial: bigint[]): bigint[] {
  for (let high = polynomial.length - 1; high >= LENGTH; high--) {
    const factor = polynomial[high]!;
    for (const low of [high - LENGTH, high - LENGTH + FEED]) {
      polynomial[low] = BigInt.asUintN(64, polynomial[low]! + factor);
    }
  }
  return polynomial.slice(0, LENGTH);
}

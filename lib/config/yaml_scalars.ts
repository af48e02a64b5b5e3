import type { ScalarTag } from "yaml";

/**
 * What unquoted words mean, as PyYAML has it: files must read the same for both. This is YAML 1.1
 * but for `y` and `n` (text), floats (a point is required) and base 60 (no leading zero, so most
 * hardware addresses are text). Dates stay text.
 */
export const scalarTags: ScalarTag[] = [
  tag("null", /^(?:~|null|Null|NULL|)$/, () => null),
  tag(
    "bool",
    /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    (text) => /^(?:y|t|on)/i.test(text),
  ),
  tag(
    "int",
    /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
    integer,
  ),
  tag(
    "float",
    /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    float,
  ),
];

function tag(name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve };
}

function integer(text: string): number {
  const { sign, digits } = signed(text);
  if (digits.includes(":")) return sign * baseSixty(digits);
  return sign * Number(/^0\d/.test(digits) ? `0o${digits}` : digits);
}

function float(text: string): number {
  const { sign, digits } = signed(text);
  if (/inf/i.test(digits)) return sign * Infinity;
  return sign * (digits.includes(":") ? baseSixty(digits) : Number(digits));
}

function signed(text: string): { sign: 1 | -1; digits: string } {
  return { sign: text.startsWith("-") ? -1 : 1, digits: text.replace(/^[-+]|_/g, "") };
}

function baseSixty(digits: string): number {
  return digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

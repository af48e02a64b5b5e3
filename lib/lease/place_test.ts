import assert from "node:assert/strict";
import { formatPlace, parsePlace, type Place } from "./place.ts";

Deno.test("a place in line reads back from its sentence", () => {
  const by = Date.parse("2026-01-31T14:20:00Z");
  const places: [Place, string][] = [
    [{ turn: 1, of: 1 }, "1st of 1 in line: why"],
    [{ turn: 2, of: 3, by }, "2nd of 3 in line, expected by 2026-01-31T14:20Z: why"],
    [{ turn: 3, of: 113 }, "3rd of 113 in line: why"],
    [{ turn: 11, of: 113 }, "11th of 113 in line: why"],
    [{ turn: 112, of: 113 }, "112th of 113 in line: why"],
    [{ turn: 101, of: 113 }, "101st of 113 in line: why"],
  ];
  for (const [place, sentence] of places) {
    assert.equal(formatPlace(place, "why"), sentence);
    assert.deepEqual(parsePlace(sentence), place);
  }
  assert.match(formatPlace({ turn: 1, of: 1, by: by - 59_999 }, ""), /14:20Z/);
  assert.equal(parsePlace("none of them are online"), undefined);
});

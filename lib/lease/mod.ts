/**
 * The logic of leases, without a clock and without input or output: selectors, time fields, states,
 * policies, and who gets which exporter when.
 *
 * @module
 */
export { decide } from "./decide.ts";
export type { Change, ChangeKind, DecideOptions, Decision } from "./decision.ts";
export type { Lab } from "./lab.ts";
export { ExporterIndex } from "./exporter_index.ts";
export { isEnabled, isOnline, isReady } from "./exporter_state.ts";
export { type Candidate, findCandidates, type Misfit, type Supply } from "./candidates.ts";
export { Access, type Verdict } from "./access.ts";
export type { Approval, Finding } from "./lease_change.ts";
export {
  conditionOf,
  expiryOf,
  isActive,
  isOpen,
  isTrue,
  type LeaseState,
  leaseState,
} from "./lease_state.ts";
export { withCondition } from "./condition.ts";
export { parsePlace, type Place } from "./place.ts";
export {
  askedDuration,
  changeTimes,
  completeTimes,
  effectiveTimes,
  endIfBegun,
  formatTime,
  parseTime,
  type TimeFields,
  timesOf,
  withTimes,
} from "./times.ts";
export {
  formatGoDuration,
  GO_DURATION_PATTERN,
  LONGEST_GO_DURATION,
  parseGoDuration,
} from "./go_duration.ts";
export {
  type Labels,
  matchesLabels,
  matchesSelector,
  type Operator,
  type Requirement,
  type Selector,
} from "./selector.ts";
export { parseSelector } from "./selector_parser.ts";
export { SelectorError } from "./selector_error.ts";
export { formatSelector, selectorText } from "./selector_text.ts";
export { isEmptySelector, readSelector, toStoredSelector } from "./stored_selector.ts";
export { faultOfLabelKey, faultOfLabelValue } from "./label_syntax.ts";
export { checkTags, leaseLabels, TAG_PREFIX } from "./tags.ts";
export * from "./objects.ts";

/**
 * The services that gRPC itself defines, and anybody may call: health and reflection.
 *
 * @module
 */
export { type Question, questions } from "./questions.ts";

/**
 * A simulated board for demos, examples and tests.
 *
 * @module
 */
export { SimulatedBoard, type SimulatedBoardConfig } from "./driver.ts";

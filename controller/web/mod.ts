/**
 * Pages of a controller that are read without a credential: metrics, health, how to log in.
 *
 * @module
 */
export { Acquisitions } from "./acquisitions.ts";
export {
  formatMetrics,
  MEDIA_TYPES,
  type Metric,
  type MetricLabels,
  type MetricsFormat,
  type Sample,
} from "./exposition.ts";
export { certificateMetrics, labMetrics, processMetrics, routerMetrics } from "./lab_metrics.ts";
export { type LoginFacts, loginPages } from "./login.ts";
export { type Operations, operationsPages } from "./operations.ts";
export { type Page, type Pages, WebServer, type WebServerOptions } from "./web_server.ts";

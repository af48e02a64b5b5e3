/** Questions about oneself, as `kubectl auth can-i` and `kubectl auth whoami` ask them. */
import type { JsonObject } from "../store/mod.ts";

const AUTHORIZATION = "authorization.k8s.io/v1";
const AUTHENTICATION = "authentication.k8s.io/v1";

/** Only the administrator is let in, and may do everything. */
const EVERYTHING = {
  incomplete: false,
  resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
};

const ANSWERS: readonly { plural: string; apiVersion: string; kind: string; status: JsonObject }[] =
  [
    {
      plural: "selfsubjectaccessreviews",
      apiVersion: AUTHORIZATION,
      kind: "SelfSubjectAccessReview",
      status: { allowed: true },
    },
    {
      plural: "selfsubjectrulesreviews",
      apiVersion: AUTHORIZATION,
      kind: "SelfSubjectRulesReview",
      status: EVERYTHING,
    },
    {
      plural: "selfsubjectreviews",
      apiVersion: AUTHENTICATION,
      kind: "SelfSubjectReview",
      status: { userInfo: { username: "admin", groups: ["system:masters"] } },
    },
  ];

/** The answer to each question, by its path; whatever is asked, it is the same. */
export const REVIEWS: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  ANSWERS.map(({ plural, ...answer }) => [
    `/apis/${answer.apiVersion}/${plural}`,
    { ...answer, metadata: { creationTimestamp: null }, spec: {} },
  ]),
);

import {
  DriverCallRequest,
  DriverCallResponse,
  DriverInstanceReport,
  EndSessionResponse,
  ExporterStatus,
  FrameType,
  GetReportResponse,
  GetStatusResponse,
  LogSource,
  LogStreamResponse,
  StreamingDriverCallRequest,
  StreamingDriverCallResponse,
  StreamRequest,
  StreamResponse,
  Value,
} from "./mod.ts";
import { D, P, T, toBytes, vectors, X } from "./vector_support.ts";

const frameVector = vectors("[wire 10.1]");
const callVector = vectors("[wire 10.2]");
const valueVector = vectors("[wire 10.3]");
const handleVector = vectors("[wire 10.4]");
const exporterVector = vectors("[wire 10.5]");

const utf8 = (text: string) => new TextEncoder().encode(text);

for (const codec of [StreamRequest, StreamResponse]) {
  frameVector("DATA", codec, { payload: utf8("hello") }, "0a0568656c6c6f");
}
for (const codec of [StreamRequest, StreamResponse]) {
  frameVector("DATA without bytes", codec, {}, "");
}
for (const codec of [StreamRequest, StreamResponse]) {
  frameVector(
    "DATA with bytes that are not text",
    codec,
    { payload: toBytes("00ff10") },
    "0a0300ff10",
  );
}
for (const codec of [StreamRequest, StreamResponse]) {
  frameVector("RST_STREAM", codec, { frameType: FrameType.RST_STREAM }, "1003");
}
for (const codec of [StreamRequest, StreamResponse]) {
  frameVector("PING", codec, { frameType: FrameType.PING }, "1006");
}
for (const codec of [StreamRequest, StreamResponse]) {
  frameVector("GOAWAY", codec, { frameType: FrameType.GOAWAY }, "1007");
}
for (const codec of [StreamRequest, StreamResponse]) {
  frameVector("DATA with the HTTP/2 preface", codec, {
    payload: utf8("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  }, "0a18505249202a20485454502f322e300d0a0d0a534d0d0a0d0a");
}
for (const codec of [DriverCallRequest, StreamingDriverCallRequest]) {
  callVector(
    "no arguments",
    codec,
    { uuid: D, method: "on" },
    "0a2431313131313131312d313131312d343131312d383131312d31313131313131313131313112026f6e",
  );
}
for (const codec of [DriverCallRequest, StreamingDriverCallRequest]) {
  callVector(
    "four arguments",
    codec,
    {
      uuid: D,
      method: "set",
      args: [{ numberValue: 1 }, { stringValue: "x" }, { boolValue: true }, { nullValue: 0 }],
    },
    "0a2431313131313131312d313131312d343131312d383131312d31313131313131313131313112037365741a0911000000000000f03f1a031a01781a0220011a020800",
  );
}
callVector(
  "null",
  DriverCallResponse,
  { uuid: X, result: { nullValue: 0 } },
  "0a2433333333333333332d333333332d343333332d383333332d33333333333333333333333312020800",
);
callVector(
  "number",
  DriverCallResponse,
  { uuid: X, result: { numberValue: 1.5 } },
  "0a2433333333333333332d333333332d343333332d383333332d333333333333333333333333120911000000000000f83f",
);
callVector(
  "object",
  DriverCallResponse,
  { uuid: X, result: { structValue: { fields: { voltage: { numberValue: 5 } } } } },
  "0a2433333333333333332d333333332d343333332d383333332d33333333333333333333333312182a160a140a07766f6c746167651209110000000000001440",
);
callVector(
  "array",
  StreamingDriverCallResponse,
  {
    uuid: X,
    result: { listValue: { values: [{ numberValue: 1 }, { stringValue: "a" }, { nullValue: 0 }] } },
  },
  "0a2433333333333333332d333333332d343333332d383333332d333333333333333333333333121632140a0911000000000000f03f0a031a01610a020800",
);
valueVector("null", Value, { nullValue: 0 }, "0800");
valueVector("true", Value, { boolValue: true }, "2001");
valueVector("false", Value, { boolValue: false }, "2000");
valueVector("0", Value, { numberValue: 0 }, "110000000000000000");
valueVector("1", Value, { numberValue: 1 }, "11000000000000f03f");
valueVector("-1", Value, { numberValue: -1 }, "11000000000000f0bf");
valueVector("1.5", Value, { numberValue: 1.5 }, "11000000000000f83f");
valueVector("0.1", Value, { numberValue: 0.1 }, "119a9999999999b93f");
valueVector("2^53", Value, { numberValue: 2 ** 53 }, "110000000000004043");
valueVector("empty text", Value, { stringValue: "" }, "1a00");
valueVector("text", Value, { stringValue: "on" }, "1a026f6e");
valueVector("text beyond ASCII", Value, { stringValue: "é" }, "1a02c3a9");
valueVector("bytes as text", Value, { stringValue: "abc" }, "1a03616263");
valueVector("empty array", Value, { listValue: {} }, "3200");
valueVector("empty object", Value, { structValue: {} }, "2a00");
valueVector("array of empty ones", Value, {
  listValue: { values: [{ listValue: {} }, { structValue: {} }] },
}, "32080a0232000a022a00");
valueVector(
  "object with null",
  Value,
  { structValue: { fields: { a: { nullValue: 0 } } } },
  "2a090a070a016112020800",
);
valueVector(
  "UUID",
  Value,
  { stringValue: D },
  "1a2431313131313131312d313131312d343131312d383131312d313131313131313131313131",
);
handleVector(
  "handle of a stream",
  Value,
  {
    structValue: {
      fields: {
        uuid: { stringValue: D },
        kind: { stringValue: "client_stream" },
        x_jmp_content_encoding: { nullValue: 0 },
      },
    },
  },
  "2a670a170a046b696e64120f1a0d636c69656e745f73747265616d0a2e0a047575696412261a2431313131313131312d313131312d343131312d383131312d3131313131313131313131310a1c0a16785f6a6d705f636f6e74656e745f656e636f64696e6712020800",
);
handleVector(
  "handle of a presigned request",
  Value,
  {
    structValue: {
      fields: {
        url: { stringValue: "https://h/x?s=1" },
        method: { stringValue: "GET" },
        kind: { stringValue: "presigned_request" },
        headers: { structValue: {} },
      },
    },
  },
  "2a570a0d0a076865616465727312022a000a1b0a046b696e6412131a117072657369676e65645f726571756573740a0f0a066d6574686f6412051a034745540a180a0375726c12111a0f68747470733a2f2f682f783f733d31",
);
exporterVector(
  "child",
  DriverInstanceReport,
  {
    uuid: D,
    parentUuid: P,
    labels: {
      "jumpstarter.dev/name": "power",
      "jumpstarter.dev/client": "jumpstarter_driver_power.client.PowerClient",
    },
    description: "psu",
    methodsDescription: { on: "turn on" },
  },
  "0a2431313131313131312d313131312d343131312d383131312d313131313131313131313131122432323232323232322d323232322d343232322d383232322d3232323232323232323232321a450a166a756d70737461727465722e6465762f636c69656e74122b6a756d70737461727465725f6472697665725f706f7765722e636c69656e742e506f776572436c69656e741a1d0a146a756d70737461727465722e6465762f6e616d651205706f77657222037073752a0d0a026f6e12077475726e206f6e",
);
exporterVector(
  "one driver",
  GetReportResponse,
  {
    uuid: X,
    labels: { "jumpstarter.dev/name": "exp" },
    reports: [{ uuid: P, labels: { "jumpstarter.dev/client": "a.B" } }],
    motd: "hi",
  },
  "0a2433333333333333332d333333332d343333332d383333332d333333333333333333333333121b0a146a756d70737461727465722e6465762f6e616d6512036578701a450a2432323232323232322d323232322d343232322d383232322d3232323232323232323232321a1d0a166a756d70737461727465722e6465762f636c69656e741203612e422a026869",
);
exporterVector(
  "one endpoint",
  GetReportResponse,
  {
    uuid: X,
    alternativeEndpoints: [{
      endpoint: "h:1",
      certificate: "c",
      clientCertificate: "cc",
      clientPrivateKey: "k",
    }],
  },
  "0a2433333333333333332d333333332d343333332d383333332d333333333333333333333333220f0a03683a311201631a02636322016b",
);
exporterVector(
  "empty message",
  GetStatusResponse,
  { status: ExporterStatus.AVAILABLE, message: "" },
  "08021200",
);
exporterVector("previous status", GetStatusResponse, {
  status: ExporterStatus.LEASE_READY,
  message: "ready",
  statusVersion: 1,
  previousStatus: ExporterStatus.AVAILABLE,
}, "08041205726561647918012002");
exporterVector("unspecified previous status", GetStatusResponse, {
  status: ExporterStatus.AVAILABLE,
  message: "",
  statusVersion: 300,
  previousStatus: ExporterStatus.UNSPECIFIED,
}, "0802120018ac022000");
exporterVector("success", EndSessionResponse, { success: true, message: "ok" }, "080112026f6b");
exporterVector("failure", EndSessionResponse, { success: false, message: "none" }, "12046e6f6e65");
exporterVector("from a hook", LogStreamResponse, {
  severity: "WARNING",
  message: "m",
  source: LogSource.BEFORE_LEASE_HOOK,
}, "12075741524e494e471a016d2002");
exporterVector("unspecified source", LogStreamResponse, {
  severity: "INFO",
  message: "m",
  source: LogSource.UNSPECIFIED,
}, "1204494e464f1a016d2000");
exporterVector(
  "structured",
  LogStreamResponse,
  {
    severity: "INFO",
    message: "power on",
    source: LogSource.DRIVER,
    driverType: "power",
    operation: "on",
    timestamp: { seconds: T, nanos: 500_000_000 },
    structuredFields: { result: "success" },
  },
  "1204494e464f1a08706f776572206f6e20012a05706f77657232026f6e3a0c0880e2cfaa061080cab5ee0142110a06726573756c74120773756363657373",
);

import { parseXml, XmlElement } from "@rgrove/parse-xml";

/** An element of an answer. */
export interface Element {
  /** Its text, and that of what is in it. */
  readonly text: string;
  /** The elements in it that have a name. */
  all(name: string): Element[];
  /** The text of the first element with a name. */
  first(name: string): string | undefined;
  readonly name: string;
}

/** Reads an answer of an S3 service; fails for what is no XML. */
export function readXml(text: string): Element {
  let root: XmlElement | null;
  try {
    root = parseXml(text).root;
  } catch (cause) {
    throw new Error("the server answers with something other than S3's XML", { cause });
  }
  if (root === null) throw new Error("the server answers with an empty document");
  return element(root);
}

function element(node: XmlElement): Element {
  const all = (name: string) =>
    node.children
      .filter((child): child is XmlElement => child instanceof XmlElement && child.name === name)
      .map(element);
  return { name: node.name, text: node.text, all, first: (name) => all(name)[0]?.text };
}

/** Text for the inside of an element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>\r\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

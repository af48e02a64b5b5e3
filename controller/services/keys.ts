import { ConfigError } from "@jumpstarter/lib/errors";
import { SigningKey } from "../auth/mod.ts";
import { AlreadyExistsError, NotFoundError, type Secret, type Store } from "../store/mod.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";

/** The Secret that holds the controller's own keys. */
export const KEYS = "jumpstarter-controller-keys";
/** The field of its data with the key that routers share. */
export const ROUTER_KEY = "router.key";
/** The field with the key that signs tokens. */
const ISSUER = "issuer.jwk";
/** Bytes of a new router key. */
const ROUTER_KEY_SIZE = 32;

/** The keys of a controller. */
export interface ControllerKeys {
  /** Signs the tokens of clients and exporters. */
  readonly issuer: SigningKey;
  /** Signs the tokens of tunnels; shared with routers. */
  readonly router: string;
}

/**
 * The keys in the store; random ones are made when there are none. A router key that is given takes the
 * place of the one that is there.
 *
 * @throws {ConfigError} when the Secret that holds them is damaged
 */
export async function loadKeys(
  { secrets }: Store,
  namespace: string,
  routerKey?: string,
): Promise<ControllerKeys> {
  let { data = {} } = await findOrMake();
  if (routerKey !== undefined && decodeBase64(data[ROUTER_KEY]) !== routerKey) {
    const given = { data: { [ROUTER_KEY]: encodeBase64(routerKey) } };
    ({ data = {} } = await secrets.patch(namespace, KEYS, given));
  }
  try {
    const issuer = await SigningKey.read(decodeBase64(data[ISSUER]));
    const router = decodeBase64(data[ROUTER_KEY]);
    if (router === "") throw new ConfigError(`${ROUTER_KEY} is missing`);
    return { issuer, router };
  } catch (cause) {
    throw new ConfigError(
      `secret ${KEYS} in namespace ${namespace} is damaged; restore the store from a backup`,
      { cause },
    );
  }

  async function findOrMake(): Promise<Secret> {
    try {
      return await secrets.get(namespace, KEYS);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    const issuer = (await SigningKey.generate()).exportText();
    const router = crypto.getRandomValues(new Uint8Array(ROUTER_KEY_SIZE)).toHex();
    const data = { [ISSUER]: encodeBase64(issuer), [ROUTER_KEY]: encodeBase64(router) };
    try {
      return await secrets.create({ metadata: { namespace, name: KEYS }, type: "Opaque", data });
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
      return await secrets.get(namespace, KEYS);
    }
  }
}

/** The kwargs of the `s3` scheme, by the names of OpenDAL's service. */
export interface S3Kwargs {
  /** The bucket that holds the files. */
  bucket: string;
  /** Where the service is; Amazon's by default. */
  endpoint?: string | undefined;
  /** The bucket's region; `AWS_REGION` by default. */
  region?: string | undefined;
  /** `AWS_ACCESS_KEY_ID` by default. */
  access_key_id?: string | undefined;
  /** `AWS_SECRET_ACCESS_KEY` by default. */
  secret_access_key?: string | undefined;
  /** Goes with temporary keys; `AWS_SESSION_TOKEN` where they come from the environment, too. */
  session_token?: string | undefined;
  /** A path in the bucket under which everything lies. */
  root?: string | undefined;
  /** The bucket is a part of the host's name instead of the path. */
  enable_virtual_host_style?: boolean | undefined;
  /** Works without keys where there are none. */
  allow_anonymous?: boolean | undefined;
  /** Takes nothing from the environment. */
  disable_config_load?: boolean | undefined;
  /** The storage class of new files. */
  default_storage_class?: string | undefined;
  /** How the service encrypts new files: `AES256`, `aws:kms`. */
  server_side_encryption?: string | undefined;
  /** The key for `aws:kms`. */
  server_side_encryption_aws_kms_key_id?: string | undefined;
}

/** What signs requests. */
export interface S3Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** {@linkcode S3Kwargs} with what comes from elsewhere. */
export interface S3Config {
  bucket: string;
  /** Of the bucket; ends with a slash. */
  url: URL;
  region: string;
  /** Without them, requests are not signed. */
  keys: S3Keys | undefined;
  /** Headers with which files are made. */
  headers: Record<string, string>;
}

/** Reads an environment variable. */
export type ReadVariable = (name: string) => string | undefined;

/** What the kwargs come to, or what they lack: the kwarg, and a sentence about it. */
export function s3Config(
  kwargs: S3Kwargs,
  read: ReadVariable,
): S3Config | { key: keyof S3Kwargs; fault: string } {
  const variable = (name: string) =>
    kwargs.disable_config_load ? undefined : read(name) || undefined;
  const endpoint = kwargs.endpoint ?? variable("AWS_ENDPOINT_URL");
  const region = kwargs.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION");
  if (region === undefined) {
    const fault = "is missing, and AWS_REGION is not set; many services other than Amazon's " +
      "take us-east-1";
    return { key: "region", fault };
  }
  const accessKeyId = kwargs.access_key_id ?? variable("AWS_ACCESS_KEY_ID");
  const secretAccessKey = kwargs.secret_access_key ?? variable("AWS_SECRET_ACCESS_KEY");
  const sessionToken = kwargs.session_token ??
    (kwargs.access_key_id === undefined ? variable("AWS_SESSION_TOKEN") : undefined);
  for (const key of ["access_key_id", "secret_access_key"] as const) {
    const isThere = key === "access_key_id" ? accessKeyId : secretAccessKey;
    if (isThere === undefined && !(kwargs.allow_anonymous && accessKeyId === undefined)) {
      const fault = `is missing, and AWS_${key.toUpperCase()} is not set; a public bucket needs ` +
        "allow_anonymous: true instead";
      return { key, fault };
    }
  }
  const keys = accessKeyId === undefined || secretAccessKey === undefined ? undefined : {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  return {
    bucket: kwargs.bucket,
    url: bucketUrl(kwargs, endpoint ?? `https://s3.${region}.amazonaws.com`),
    region,
    keys,
    headers: writeHeaders(kwargs),
  };
}

function bucketUrl(
  { bucket, enable_virtual_host_style: isHost }: S3Kwargs,
  endpoint: string,
): URL {
  const url = new URL(/^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`);
  const path = url.pathname.replace(/\/*$/, "/");
  return isHost
    ? new URL(`${url.protocol}//${bucket}.${url.host}${path}`)
    : new URL(`${url.origin}${path}${bucket}/`);
}

function writeHeaders(kwargs: S3Kwargs): Record<string, string> {
  const headers = {
    "x-amz-storage-class": kwargs.default_storage_class,
    "x-amz-server-side-encryption": kwargs.server_side_encryption,
    "x-amz-server-side-encryption-aws-kms-key-id": kwargs.server_side_encryption_aws_kms_key_id,
  };
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  );
}

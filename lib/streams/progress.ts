/** How far a transfer is. */
export interface Transfer {
  /** What goes where: `image.img → storage`. */
  label: string;
  /** Bytes so far. */
  done: number;
  /** Bytes in all, where that is known. */
  total: number | undefined;
  /** Milliseconds so far. */
  elapsed: number;
}

/** A transfer as one line: `image.img → storage   412 of 822 MB   96 MB/s   4 s left`. */
export function formatProgress({ label, done, total, elapsed }: Transfer): string {
  const seconds = elapsed / 1000;
  const rate = seconds > 0 ? done / seconds : 0;
  const amount = total === undefined
    ? formatBytes(done)
    : `${megabytes(done)} of ${formatBytes(total)}`;
  const parts = [label, amount, `${formatBytes(rate)}/s`];
  if (total === undefined || done >= total) parts.push(`${seconds.toFixed(1)} s`);
  else if (rate > 0) parts.push(`${Math.ceil((total - done) / rate)} s left`);
  return parts.join("   ");
}

/** A number of bytes for people, in the units of storage makers: `822 MB`. */
export function formatBytes(bytes: number): string {
  return `${megabytes(bytes)} MB`;
}

function megabytes(bytes: number): string {
  const value = bytes / 1_000_000;
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

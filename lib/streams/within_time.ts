/** Settles with the promise, or after so many milliseconds. */
export async function withinTime(promise: Promise<unknown>, time: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, time);
  try {
    await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

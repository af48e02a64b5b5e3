/**
 * Hands pieces from a reader to a writer, one at a time and in order, and reads the next piece while
 * the last one is written. Ends when the reader gives `null`; fails with the first error of either,
 * after what was being written is done.
 */
export async function overlap<Piece>(
  read: () => Promise<Piece | null>,
  write: (piece: Piece) => Promise<void>,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let piece = await read(); piece !== null; piece = await read()) {
      await writing;
      writing = write(piece);
      writing.catch(() => {}); // looked at with the next piece
    }
  } catch (error) {
    await writing.catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await writing;
}

/** Records as csv, quoted where a comma, a quote or a line end asks for it (RFC 4180). */

export type Field = string | number;

export function csvRecord(fields: readonly Field[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}

/** A field, quoted where it must be. */
export function csvField(field: Field): string {
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A header and its records, in chunks that are worth a write. */
export function* csvChunks(header: readonly string[], records: Iterable<readonly Field[]>): Generator<string> {
  let chunk = csvRecord(header);
  for (const record of records) {
    chunk += csvRecord(record);
    if (chunk.length < 1 << 16) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

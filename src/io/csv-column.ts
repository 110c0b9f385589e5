/** Which column of a csv file holds the text. */

import { type CorpuscleError, failure, shown } from '../core/check.js';

const namesShown = 10;

export interface ColumnChoice {
  /** A column's name, its number from 1, or undefined for the only one. */
  readonly textField: string | number | undefined;
  /** Whether the first record names the columns. */
  readonly header: boolean;
}

/** The column's index, or the refusal of a file without it. `first` is the first record, and `place` where it stands. */
export function textColumn(place: string, first: readonly string[], choice: ColumnChoice): number | CorpuscleError {
  const { textField, header } = choice;
  const count = first.length === 1 ? '1 column' : `${first.length} columns`;
  const names = first.slice(0, namesShown).map(shown).join(', ') + (first.length > namesShown ? ', …' : '');
  if (textField === undefined) {
    if (first.length === 1) return 0;
    const columns = header ? `${count} (${names})` : count;
    return failure('ERR_MISSING_FIELD', `${place} has ${columns}, of which textField must choose one.`);
  }
  if (typeof textField === 'number') {
    if (textField <= first.length) return textField - 1;
    return failure('ERR_MISSING_FIELD', `${place} has ${count}, so no column ${textField}.`);
  }
  const column = first.indexOf(textField);
  return column >= 0
    ? column
    : failure('ERR_MISSING_FIELD', `${place} has no column ${shown(textField)}; its columns are ${names}.`);
}

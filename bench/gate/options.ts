import { InvalidArgumentError } from 'commander';

/** An option's value as a whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

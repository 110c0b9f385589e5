/** The tasks of the suite. */

import { cooccurrenceTasks } from './cooccurrence.js';
import { countsTasks } from './counts.js';
import { kmeansTasks } from './kmeans.js';
import type { Task } from './task.js';
import { tfidfTasks } from './tfidf.js';

export function allTasks(threads: number): Task[] {
  return [...countsTasks(threads), ...tfidfTasks(threads), ...cooccurrenceTasks(threads), ...kmeansTasks(threads)];
}

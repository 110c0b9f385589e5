/** Whether two labelings of the same rows are the same but for the numbers of the clusters. */
export function isSameClustering(a: Int32Array, b: Int32Array, nClusters: number): boolean {
  const partner = new Int32Array(nClusters).fill(-1);
  for (let i = 0; i < a.length; i++) {
    if (partner[a[i]] === -1) partner[a[i]] = b[i];
    else if (partner[a[i]] !== b[i]) return false;
  }
  return true;
}

/** Uses what a backend has opened, and lets it go however that ends. */
export async function used<Kernel extends { dispose(): void }, T>(
  kernel: Kernel,
  use: (kernel: Kernel) => Promise<T>,
): Promise<T> {
  try {
    return await use(kernel);
  } finally {
    kernel.dispose();
  }
}

/** The sign of the house; the same is drawn in public/icon.svg. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 12v8M13 8v16M18 11v10M23 14v4" />
    </svg>
  );
}

import { useConnection } from '../api/connection.ts';
import { ConnectionBanner } from '../ConnectionBanner.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';

/** While it cannot be asked who is signed in. When the server is back, everything is read again, and this goes. */
export function AwayPage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { away, problem, retry } = useConnection();
  return (
    <div className="shell">
      <ConnectionBanner away={away} problem={problem} onRetry={retry} />
      <main id="content" className="page-state">
        <ReadFailed error={error} onRetry={onRetry} />
      </main>
    </div>
  );
}

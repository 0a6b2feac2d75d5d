import { useEffect, useRef } from 'react';

/** Something to consider about a field, said when it comes up and brought into view; nothing when there is none. */
export function FieldNotice({ text }: { text: string | null }) {
  const notice = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text) notice.current?.scrollIntoView({ block: 'nearest' });
  }, [text]);
  return (
    <p className="field-notice" role="status" ref={notice}>
      {text}
    </p>
  );
}

import { useEffect, useState } from 'react';
import { useClient, useText, useViewStore } from '../../client/index.ts';
import { type Question, usePreview, useQuestions, useQuestionWords } from './question.ts';

/** Longest title of a notification, in characters. */
const LONGEST = 200;

/** Tells a person who looks elsewhere what began to wait for them. Nothing is answered from there. Stands once in the app. */
export function WaitingNotices() {
  const { waiting } = useQuestions();
  // What waited already when the window opened is no news.
  const [opened] = useState(() => Date.now());
  return waiting
    .filter(({ approval }) => Date.parse(approval.requestedAt) >= opened)
    .map((question) => <WaitingNotice key={question.approval.id} question={question} />);
}

function WaitingNotice({ question: { row, state, approval } }: { readonly question: Question }) {
  const text = useText();
  const view = useViewStore();
  const { platform } = useClient();
  const { shown, loading } = usePreview(state, approval);
  const { title } = useQuestionWords(state, approval, shown);
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (told || loading) return;
    setTold(true);
    if (document.hasFocus()) return;
    const head = text('app.approval.notice', { title }).slice(0, LONGEST);
    const notice = { tag: approval.id, title: head, body: row.goal };
    void platform.notify(notice).then((pressed) => {
      if (pressed) view.openApproval(approval.id);
    });
  }, [told, loading, approval.id, title, row.goal, text, view, platform]);
  return null;
}

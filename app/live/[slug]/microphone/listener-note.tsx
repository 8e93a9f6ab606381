import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import type { ShownModel } from './model.ts';
import type { Texts } from './texts.ts';
import type { ListenerState } from './use-listener.ts';

type Props = { texts: Texts; model: ShownModel; state: ListenerState; onAgain: () => void };

/** Whether the model is there, and what it computes on. */
export function ListenerNote({ texts: { t, formats }, model, state, onAgain }: Props) {
  if (state.status === 'failed') {
    return (
      <Notice kind="error" live title={t(`failed-${state.failure}`)} className="mb-4">
        <p>{t(`failed-${state.failure}-text`)}</p>
        {state.failure !== 'no-runtime' && (
          <Button look="secondary" size="small" className="mt-2" onClick={onAgain}>
            {t('again')}
          </Button>
        )}
      </Notice>
    );
  }
  const isReady = state.status === 'ready';
  return (
    <p
      role="status"
      className="mb-4 flex flex-wrap items-center gap-x-2.5 text-sm text-soft"
      data-listener={state.status}
    >
      <span
        aria-hidden="true"
        className={`size-2.5 rounded-full ${isReady ? 'bg-good' : 'animate-pulse border border-line bg-sunk'}`}
      />
      {isReady ? (
        <>
          <b className="font-medium text-ink">{t('ready', { model: model.title })}</b>
          <span>{rungOf(t, state)}</span>
        </>
      ) : (
        t('loading', { model: model.title, size: formats.bytes(model.bytes) })
      )}
    </p>
  );
}

export function rungOf(t: Texts['t'], { rung, device }: Extract<ListenerState, { status: 'ready' }>): string {
  return t(rung === 'webgpu' ? 'ready-webgpu' : 'ready-wasm', { device: device || 'none' });
}

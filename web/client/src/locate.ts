/** Shows the button that asks for the device's position, only when tapped. */
export function offerLocation(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>('button[data-locate]');
  const status = form.querySelector<HTMLElement>('[data-status]');
  if (!button || !('geolocation' in navigator)) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(answerAddress(button.dataset['locate'] ?? '', coords.latitude, coords.longitude)),
      () => {
        button.disabled = false;
        if (!status) return;
        status.classList.remove('vh');
        status.textContent = button.dataset['denied'] ?? '';
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

/** The page that answers for a position, to about ten metres: finer would say more than the device knows. */
export function answerAddress(base: string, latitude: number, longitude: number): string {
  return `${base}${latitude.toFixed(4)},${longitude.toFixed(4)}#result`;
}

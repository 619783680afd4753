/* Lets somebody see the password that they type. */
const field = document.getElementById('password'), button = document.getElementById('show');
button.hidden = false;
button.addEventListener('click', () => {
  const shown = field.type === 'text';
  field.type = shown ? 'password' : 'text';
  button.textContent = shown ? 'Show' : 'Hide';
  button.setAttribute('aria-label', shown ? 'Show the password' : 'Hide the password');
  field.focus();
});
button.setAttribute('aria-label', 'Show the password');

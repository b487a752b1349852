/** Where a person opens a request to merge one branch into another; known for GitHub and GitLab, by the host's name. */
export function reviewLink(url: string, branch: string, into: string): string | undefined {
  const [, host = '', path = ''] = WEB.exec(url) ?? SCP.exec(url) ?? [];
  const project = path
    .replace(/\.git\/?$|\/$/, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  if (project === '') return undefined;
  if (/github/i.test(host)) return `https://${host}/${project}/compare/${ref(into)}...${ref(branch)}?expand=1`;
  if (!/gitlab/i.test(host)) return undefined;
  const query = new URLSearchParams({
    'merge_request[source_branch]': branch,
    'merge_request[target_branch]': into,
  });
  return `https://${host}/${project}/-/merge_requests/new?${query}`;
}

/** `https://user:secret@host:443/owner/name.git`, `ssh://git@host:22/owner/name` */
const WEB = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:@]+)(?::\d+)?\/+(.+)$/i;

/** `git@host:owner/name.git` */
const SCP = /^(?:[^@/:]+@)?([^/:@]+):(?!\/\/)\/?(.+)$/;

/** Slashes stay in the name of a branch. */
function ref(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

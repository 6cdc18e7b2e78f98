var e,t,n,r,i,a,o,s,c,l,u=Symbol.for(`pv`),d={},f=[],p=/^m(i|n|o|s|text|space)$/,m=Array.isArray,h=f.slice,g=Object.assign;function _(e){e&&e.parentNode&&e.remove()}function v(n,r,i,a,o){var s={type:n,props:r,key:i,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:u,__v:o||++t,__i:-1,__u:0};return!o&&e.vnode&&e.vnode(s),s}function y(e){return e.children}function b(e,t){this.props=e,this.context=t,this.__g=0}function x(e,t){if(t==null)return e.__&&x(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!=`function`||e.props.__P?null:x(e)}function S(t){var n,r=t.__v,i=r.__e,a=[],o=[],s=t.__P;s&&((n=g({constructor:u},r)).__v=r.__v+1,e.vnode&&e.vnode(n),j(s,n,r,t.__n,s.namespaceURI,32&r.__u?[i]:null,a,i||x(r),32&r.__u,o),n.__v=r.__v,n.__.__k[n.__i]=n,M(a,n,o),r.__=r.__e=null,n.__e!=i&&C(n))}function C(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),C(e)}function w(t){(8&t.__g||(t.__g|=8,n.push(t),i++))&&r==e.debounceRendering||((r=e.debounceRendering)||queueMicrotask)(T)}function T(){try{for(var e,t=1;n.length;)n.length>t&&n.sort(a),e=n.shift(),t=n.length,8&e.__g&&S(e)}finally{(i=n.length)&&(r||queueMicrotask)(T)}}function ee(e,t,n,r,i,a,o,s,c,l,u){var p,m,h,g,_,v,y=r.__k||f,b=t.length;for(c=E(n,t,y,c,b),p=0;p<b;p++)(h=n.__k[p])!=null&&(m=~h.__i&&y[h.__i]||d,h.__i=p,v=j(e,h,m,i,a,o,s,c,l,u),g=h.__e,(m.ref!=h.ref||8&m.__u)&&(m.ref&&N(m.ref,null,h,m),h.ref&&u.push(h.ref,h.__c||g,h)),_||=g,4&h.__u?(c=D(h,c,e,!m.__v),m.__e&&(m.__e=null)):typeof h.type==`function`&&v!==void 0?c=v:g&&(c=g.nextSibling),h.__u&=-21);return n.__e=_,c}function E(e,t,n,r,i){var a,o,s,c,l,d,f,p,h,g=n.length,_=g,b=0,S=0,C=e.__k=Array(i);for(a=0;a<i;a++)(o=t[a])!=null&&typeof o!=`boolean`&&typeof o!=`function`?(typeof o!=`object`||o.constructor===String?o=C[a]=v(null,o):m(o)?o=C[a]=v(y,{children:o}):o.constructor===u&&o.__b?o=C[a]=v(o.type,o.props,o.key,o.ref,o.__v):C[a]=o,c=a+b,o.__=e,o.__b=e.__b+1,s=null,~(l=o.__i=O(o,n,c,_))&&(_--,(s=n[l])&&(s.__u|=2)),s&&s.__v?(o.__u|=16,l==c-1?b--:l==c+1?b++:l!=c&&(l>c?b--:b++,S=1)):(~l||(i>g?b--:i<g&&b++),typeof o.type!=`function`&&(o.__u|=4))):C[a]=null;if(S){for(d=[],f=[],a=0;a<i;a++)if((o=C[a])&&16&o.__u){for(b=0,p=d.length;b<p;)d[h=b+p>>1]<o.__i?b=h+1:p=h;d[b]=o.__i,f[a]=b+1}for(b=d.length;a--;)f[a]&&(f[a]==b?b--:C[a].__u|=4)}if(_)for(a=0;a<g;a++)!(s=n[a])||2&s.__u||(s.__e==r&&(r=x(s)),ae(s,s));return r}function D(e,t,n,r){var i,a,o,s;if(typeof e.type==`function`){if(e.props.__P)return t;if(i=e.__k)for(a=0;a<i.length;a++)i[a]&&(i[a].__=e,t=D(i[a],t,n,!1));return t}for(t&&!t.parentNode&&(t=x(e))&&!t.parentNode&&(t=null),o=e.__e,s=t;s&&s.nodeType==8;)s=s.nextSibling;for(o!=s&&(!r&&n.moveBefore&&o.parentNode?n.moveBefore(o,t):n.insertBefore(o,t||null)),t=o;(t&&=t.nextSibling)&&t.nodeType==8&&!t.data.startsWith(`$s`););return t}function O(e,t,n,r){var i,a=e.key,o=e.type,s=t[n],c=s&&!(2&s.__u);if(s===null&&a==null||c&&a==s.key&&o==s.type)return n;if(r>+!!c){for(i=n-1;i>=0;i--)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i;for(i=n+1;i<t.length;i++)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i}return-1}function k(e,t,n){n??=``,t[0]==`-`?e.setProperty(t,n):e[t]=n}function A(e,t,n,r,i){var a,o;if(t==`style`){if(typeof n==`string`)e.style.cssText=n;else{if(typeof r==`string`&&(e.style.cssText=r=``),r)for(t in r)n&&t in n||k(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||k(e.style,t,n[t])}}else if(t[0]==`o`&&t[1]==`n`)typeof n!=`function`&&(n=null),typeof r!=`function`&&(r=null),(e.__e||={})[t]=n,n&&r||(o=l[t]||(l[t]=te(t)),(e.__a||={})[t]=c,a=t!=(t=t.replace(s,`$1`)),(t=t.slice(2))[0]<`a`&&(t=t.toLowerCase()),n?e.addEventListener(t,o,a):e.removeEventListener(t,o,a));else{if(i==`http://www.w3.org/2000/svg`)t=t.replace(/xlink(H|:h)/,`h`).replace(/sName$/,`s`);else if(t!=`width`&&t!=`height`&&t!=`href`&&t!=`list`&&t!=`form`&&t!=`tabIndex`&&t!=`download`&&t!=`rowSpan`&&t!=`colSpan`&&t!=`role`&&t!=`popover`&&t in e)try{e[t]=n??``;return}catch{}if(typeof n==`function`)return;n==null||!1===n&&t[4]!=`-`?e.removeAttribute(t):e.setAttribute(t,t==`popover`&&n==1?``:n)}}function te(t){return function(n){var r=this.__e;if(r){if(r=r[t],n[o]==null)n[o]=c++;else if(n[o]<this.__a[t])return;return r(e.event?e.event(n):n)}}}function j(t,n,r,i,a,o,s,c,l,d){var p,h,v,S,C,w,T,E,D,O,k,A,te,j,M,N,P,F,I=n.type;if(n.constructor!==u)return null;128&r.__u&&(l=32&r.__u,p=r.__c.__z)&&(n.__u|=l,h=o=[],p.nodeType==8?c=ne(p,o):o.push(p),c=o[0]||c),(p=e.__b)&&p(n);n:if(typeof I==`function`){v=s.length;try{if(E=n.props,D=(p=I.prototype)&&p.render,O=(p=I.contextType)&&i[p.__c],k=p?O?O.props.value:p.__:i,(S=r.__c)?(n.__c=S,2&S.__g&&(S.__g|=1)):(D?n.__c=S=new I(E,k):(n.__c=S=new b(E,k),S.constructor=I,S.render=oe),O&&O.sub(S),S.state||(S.state={}),S.__n=i,S.__g|=8,S.__h=[],S.__k=[]),D&&(S.__s||(S.__s=S.state),I.getDerivedStateFromProps&&(S.__s==S.state&&(S.__s=g({},S.__s)),g(S.__s,I.getDerivedStateFromProps(E,S.__s)))),C=S.props,w=S.state,S.__v=n,r.__c){if(E!==C&&D&&!I.getDerivedStateFromProps&&S.componentWillReceiveProps&&S.componentWillReceiveProps(E,k),n.__v==r.__v&&!(8&S.__g)||!(4&S.__g)&&S.shouldComponentUpdate&&!1===S.shouldComponentUpdate(E,S.__s,k)){n.__v!=r.__v&&(S.props=E,S.state=S.__s,S.__g&=-9),n.__e=r.__e,n.__k=r.__k,n.__k.some(function(e){e&&(e.__=n)}),f.push.apply(S.__h,S.__k),S.__k=[],S.__h.length&&s.push(S),c=x(r);break n}S.componentWillUpdate&&S.componentWillUpdate(E,S.__s,k),D&&S.componentDidUpdate&&S.__h.push(function(){S.componentDidUpdate(C,w,T)})}else D&&!I.getDerivedStateFromProps&&S.componentWillMount&&S.componentWillMount(),D&&S.componentDidMount&&S.__h.push(S.componentDidMount);S.context=k,S.props=E,S.__P=t,S.__g&=-5,A=e.__r,te=D?25:0;do S.__g&=-9,A&&A(n),p=S.render(S.props,S.state=S.__s,S.context);while(8&S.__g&&++te<25);D&&(f.push.apply(S.__h,S.__k),S.__k=[]),S.state=S.__s,S.getChildContext&&(i=g({},i,S.getChildContext())),D&&r.__c&&S.getSnapshotBeforeUpdate&&(T=S.getSnapshotBeforeUpdate(C,w)),j=p&&p.type===y&&p.key==null?p.props.children:p,E.__P&&(p=c,a=(t=E.__P).namespaceURI,l=o=null,r.props&&r.props.__P!=t&&(r.__k.some(function(e){e&&ae(e,e)}),r.__k=null),c=r.__k?x(r,0):null),c=ee(t,m(j)?j:[j],n,r,i,a,o,s,c,l,d),E.__P&&(n.__e=null,c=p),n.__u&=-161,h&&h.some(_),S.__h.length&&s.push(S),1&S.__g&&(S.__g&=-4)}catch(t){if(s.length=v,n.__v=null,l||o){if(t&&t.then){if(n.__u|=128|l,o){for(~(P=o.indexOf(c||void 0))||(P=o.length);(F=o[P-1])&&F.nodeType==8;)P--;for(;P<o.length;P++)if(F=o[P]){if(o[P]=null,M){if(F==N)break}else{if(F.nodeType!=8)break;F.data.startsWith(`$s`)&&(N=ne(M=F))}}}if(!M){for(;c&&c.nodeType==8&&c.nextSibling;)c=c.nextSibling;M=c}(p=ne(M=n.__c.__z||(n.__c.__z=M)))?(n.__e=M,c=p):n.__e=c,c&&=c.nextSibling}else o&&o.some(_)}else n.__e=r.__e;n.__k||=r.__k||[],t&&t.then||re(n),e.__e(t,n,r)}}else c=n.__e=ie(r.__e,n,r,i,a,o,s,l,d,t);return(p=e.diffed)&&p(n),c}function ne(e,t){if(e&&e.nodeType==8&&e.data.startsWith(`$s`))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith(`$s`))n++;else if(e.data.startsWith(`/$s`)&&!--n)return e}t&&t.push(e)}}function re(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(re))}function M(t,n,r){for(var i=0;i<r.length;)N(r[i++],r[i++],r[i++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function ie(t,n,r,i,a,o,s,c,l,u){var f,g,v,y,b,S,C,w,T=r.props||d,E=n.props,D=n.type;if(D==`svg`?a=`http://www.w3.org/2000/svg`:D==`math`?a=`http://www.w3.org/1998/Math/MathML`:a||=`http://www.w3.org/1999/xhtml`,o){for(f=0;f<o.length;f++)if((b=o[f])&&(D?b.localName==D:b.nodeType==3)){t=b,o[f]=null;break}}if(!t){if(w=u.ownerDocument||document,!D)return w.createTextNode(E);t=w.createElementNS(a,D,E.is?E:u),c&&=(e.__m&&e.__m(n,o),!1),o=null}if(D){if(u=D==`template`&&t.content||t,o=D==`textarea`&&E.defaultValue!=null?null:o&&h.call(u.childNodes),!c&&o)for(T={},f=0;f<t.attributes.length;f++)T[(b=t.attributes[f]).name]=b.value;for(f in T)b=T[f],f==`dangerouslySetInnerHTML`?v=b:f==`children`||f in E||f==`value`&&`defaultValue`in E||f==`checked`&&`defaultChecked`in E||A(t,f,null,b,a);for(f in E)b=E[f],f==`children`?y=b:f==`dangerouslySetInnerHTML`?g=b:f==`value`?S=b:f==`checked`?C=b:c&&typeof b!=`function`||T[f]===b||A(t,f,b,T[f],a);g?(c||v&&(g.__html==v.__html||g.__html==t.innerHTML)||(t.innerHTML=g.__html),n.__k=[]):(v&&(t.textContent=``),(D==`foreignObject`||a==`http://www.w3.org/1998/Math/MathML`&&p.test(D))&&(a=`http://www.w3.org/1999/xhtml`),ee(u,m(y)?y:[y],n,r,i,a,o,s,o?o[0]:r.__k&&x(r,0),c,l),o&&o.some(_)),c&&D!=`textarea`||(f=`value`,D==`progress`&&S==null?t.removeAttribute(f):S==null||S===t[f]&&(D!=`progress`||S)||A(t,f,S,T[f],a),f=`checked`,C!=null&&C!=t[f]&&A(t,f,C,T[f],a))}else T===E||c&&t.data==E||(t.data=E);return t}function N(t,n,r,i){try{typeof t==`function`?n?n.__x=t(n)||1:(i&&=i.__c||i.__e)&&(n=i.__x)&&(i.__x=null,typeof n==`function`?n():t(null)):t.current=n}catch(t){e.__e(t,r)}}function ae(t,n,r){var i,a,o,s;if(e.unmount&&e.unmount(t),!(i=t.ref)||i.current&&i.current!=t.__e||N(i,null,n,t),i=t.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(t){e.__e(t,n)}i.__P=i.__n=null}if(i=t.__k)for(s=0;s<i.length;s++)i[s]&&ae(i[s],n,typeof t.type!=`function`||r&&!t.props.__P);!r&&(i=t.__c)&&(i=i.__z)&&(a=ne(i,o=[]))&&(i==t.__e&&o.some(_),_(a),_(i)),r||_(t.__e),t.__e=t.__c=t.__=null}function oe(e,t,n){return this.constructor(e,n)}function P(t,n){var r,i,a,o;e.__&&e.__(t,n),n.nodeType==9&&(n=n.documentElement),i=(r=t&&32&t.__u)?null:n.__k,n.__k=v(y,{children:[t]}),a=[],o=[],j(n,n.__k,i||d,d,n.namespaceURI,i?null:n.firstChild?h.call(n.childNodes):null,a,i?i.__e:n.firstChild,r,o),M(a,n.__k,o),n.__k.props.children=null}e={__e:function(e,t,n,r){for(var a,o,s;t=t.__;)if((a=t.__c)&&!(1&a.__g)){a.__g|=4;try{if((s=(o=a.constructor)&&o.getDerivedStateFromError)&&a.setState(o.getDerivedStateFromError(e)),a.componentDidCatch&&(a.componentDidCatch(e,r||{}),s=1),s&&8&a.__g)return void(a.__g|=2)}catch(t){e=t}}throw i=0,e}},t=0,b.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=g({},this.state)),typeof e==`function`&&(e=e(g({},n),this.props)),e&&(g(n,e),this.__v&&(t&&this.__k.push(t),w(this)))},b.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),w(this))},b.prototype.render=y,n=[],i=0,a=function(e,t){return e.__v.__b-t.__v.__b},o=Symbol(),s=/(PointerCapture)$|Capture$/i,c=0,l={};var F,I,se,ce,le=Object.is,L=0,ue=[],de=[],R=e,fe=R.__b,pe=R.__r,me=R.diffed,he=R.__c,ge=R.unmount,_e=R.__;function ve(e,t){R.__h&&R.__h(I,e,L||t),L=0;var n=I.__H||(I.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function z(e){return L=1,ye(De,e)}function ye(e,t,n){var r=ve(F++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):De(void 0,t),function(e){var t=(r.__N||r.__)[0],n=r.t(t,e);le(t,n)||(r.__N=[n,r.__[1]],r.__c.setState({}))}],r.__c=I,!I.__f)){I.__f=!0;var i=I.shouldComponentUpdate;I.shouldComponentUpdate=function(e,t,n){var r=this.__H;if(!r)return!0;var a=!1,o=this.props!=e;if(r.__.some(function(e){e.__N&&(a=!0,le(e.__[0],e.__N[0])||(o=!0))}),i){var s=i.call(this,e,t,n);return a?s||o:s}return!a||o}}return r.__}function B(e,t){var n=ve(F++,3);!R.__s&&Ee(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,I.__H.__h.push(n))}function V(e){return L=5,be(function(){return{current:e}},[])}function be(e,t){var n=ve(F++,7);return Ee(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function xe(){var e;do{for(;e=de.shift();)try{H(e)}catch(t){R.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=ue.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(H),t.__h.some(Te),t.__h=[]}catch(n){t.__h=[],R.__e(n,e.__v)}}}while(de.length)}R.__b=function(e){I=null,fe&&fe(e)},R.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),_e&&_e(e,t)},R.__r=function(e){pe&&pe(e),F=0;var t=(I=e.__c).__H;t&&(se==I?I.__h=[]:(t.__h.some(H),t.__h.some(Te),F=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),se=I},R.diffed=function(e){me&&me(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&we(ue.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),se=I=null},R.__c=function(e,t){t.some(function(e){try{e.__h.some(H),e.__h=e.__h.filter(function(e){return!e.__||Te(e)})}catch(t){e.__h=[function(){throw t}]}}),he&&he(e,t)},R.unmount=function(e){ge&&ge(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(r){try{if(r.__P&&r.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n&&=n.__c}r.__P=n,we(de.push(r))}else H(r)}catch(e){t=e}}),r.__H=void 0,t&&R.__e(t,r.__v))};var Se=typeof requestAnimationFrame==`function`;function Ce(e){var t,n=function(){clearTimeout(r),Se&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);Se&&(t=requestAnimationFrame(n))}function we(e){e!=1&&ce==R.requestAnimationFrame||((ce=R.requestAnimationFrame)||Ce)(xe)}function H(e){var t=I,n=e.__c;typeof n==`function`&&(e.__c=void 0,n()),I=t}function Te(e){var t=I;e.__c=e.__(),I=t}function Ee(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!le(t,e[n])})}function De(e,t){return typeof t==`function`?t(e):t}var Oe=[`queued`,`submitting`,`running`,`archiving`,`succeeded`,`failed`,`canceled`],U=class extends Error{status;retryAfter;constructor(e,t,n=null){super(t),this.status=e,this.retryAfter=n}},ke=class{key;constructor(e){this.key=e}async cover(e,t=0,n,r){let i=n===void 0?{}:{"If-None-Match":`"${n}"`},a=await this.send(`/v1/covers/${e}${t?`?wait=${t}`:``}`,{headers:i},r);return a.status===304?null:await a.json()}covers(e,t,n=20,r){let i=new URLSearchParams({limit:String(n),...e&&{state:e},...t&&{cursor:t}});return this.get(`/v1/covers?${i}`,r)}async timeline(e,t){return(await this.get(`/v1/covers/${e}/timeline`,t)).entries}deliveries(e,t){return this.get(`/v1/covers/${e}/deliveries`,t)}async providers(e){return(await this.get(`/v1/providers`,e)).providers}usage(e,t,n){return this.get(`/v1/usage?${new URLSearchParams({month:e,...t&&{cursor:t}})}`,n)}async voices(e,t){let n=e?`searchVoices?query=${encodeURIComponent(e)}`:`getAllVoices?limit=20`;return(await this.get(`/musicgpt/${n}`,t)).voices}async sound(e,t){return(await this.send(e,{},t)).blob()}create(e,t){return this.post(`/v1/covers`,e,{"Idempotency-Key":t})}ticket(e){return this.post(`/v1/uploads`,{filename:e})}cancel(e){return this.post(`/v1/covers/${e}/cancel`,{})}retry(e){return this.post(`/v1/covers/${e}/retry`,{})}async get(e,t){return(await this.send(e,{},t)).json()}async post(e,t,n={}){let r={method:`POST`,body:JSON.stringify(t),headers:{"Content-Type":`application/json`,...n}};return(await this.send(e,r)).json()}async send(e,t,n){let r={...t.headers,Authorization:`Bearer ${this.key}`},i={...t,headers:r,...n&&{signal:n}},a=await fetch(e,i).catch(e=>{throw n?.aborted?e:new U(0,`No answer. Is the network there?`)});if(a.ok||a.status===304)return a;throw await Ae(a)}};async function Ae(e){let t=await e.json().catch(()=>({})),n=t.errors?.map(e=>`${e.field}: ${e.message}`).join(`; `)||t.detail||t.title||`The answer was ${e.status}.`,r=Number(e.headers.get(`Retry-After`));return new U(e.status,n,r>0?r:null)}var je={what:`Nobody knows whether the provider took the job, and the key's month has no room to pay for it again.`,todo:`Look at the provider's own list of tasks. When there is room again, retry.`},Me={what:`The provider was too busy or down.`,todo:`Retry later. Nothing was bought.`},Ne={what:`The provider does not accept the account's key.`,todo:`Whoever runs this gateway puts a working key into Parameter Store; then retry.`},Pe={what:`The music did not arrive in time.`,todo:`Retry: it asks for what was made already before anything is bought again.`},Fe={"fix-request":{what:`The provider cannot do it as it was asked for.`,todo:`Change the song or the words. A retry gives the same.`},"content-refused":{what:`The provider refuses this song or these words.`,todo:`Change the song or the words. A retry gives the same.`},"source-unfetchable":{what:`The provider could not fetch the song.`,todo:`Upload the song here, or give a link that lives for an hour; then order it anew.`},"no-credit":{what:`The account at the provider is empty.`,todo:`Whoever runs this gateway tops it up; then retry.`},auth:Ne,"rate-limited":Me,"retry-later":Me,deadline:Pe,"audio-unavailable":{...Pe,what:`The provider made it, but none of its links gave the music.`},"submit-unknown":{what:`The provider never said whether it took the job. It was not sent again, so as not to pay twice.`,todo:`Look at the provider's own list of tasks. A retry pays again, unless the task was heard of since.`},"budget-spent":je},Ie=e=>Fe[e]??{what:`It failed for a reason that this page does not know.`,todo:`The message below is the provider's own.`},Le=20,Re=3e4,ze=e=>[`succeeded`,`failed`,`canceled`].includes(e.state);function Be(e,t){return t?t*1e3:Math.min(500*2**e,Re)}var Ve=e=>e instanceof U&&(e.status===0||e.status===429||e.status>=500);async function*He(e,t,n,r=We){let i,a=0;for(;!n.aborted;)try{let o=await e.cover(t,i?Le:0,i?.version,n);if(a=0,!o||o.version===i?.version?await r(500):yield i=o,i&&ze(i))return}catch(e){if(n.aborted)return;if(!Ve(e))throw e;await r(Be(a++,e.retryAfter))}}async function Ue(e,t=We,n=4){for(let r=0;;r++)try{return await e()}catch(e){if(!Ve(e)||r>=n)throw e;await t(Be(r,e.retryAfter))}}function We(e){return new Promise(t=>setTimeout(t,e))}var W=e=>{let t=Math.max(0,Math.floor(e));return`${Math.floor(t/60)}:${String(t%60).padStart(2,`0`)}`},G=e=>e===0?`free`:`$${e.toFixed(e<1?3:2).replace(/(\.\d\d)0$/,`$1`)}`,Ge=e=>new Date(`${e}-01T00:00:00Z`).toLocaleString(void 0,{month:`long`,year:`numeric`,timeZone:`UTC`}),Ke=e=>`${(e/1e6).toFixed(1)} MB`,qe=e=>new Date(e).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`});function Je(e,t){let n=(Date.parse(t)-Date.parse(e))/1e3;return n<10?`+${n.toFixed(1)} s`:n<60?`+${Math.round(n)} s`:`+${Math.floor(n/60)} min ${Math.floor(n%60)} s`}var Ye=.05;function Xe(e,t){if(!e||e===t)return;let n=!e.paused;e.pause();let r=Number.isFinite(t.duration)?Math.max(0,t.duration-Ye):e.currentTime;t.currentTime=Math.min(e.currentTime,r),n&&Ze(t)}var Ze=e=>e.play().catch(e=>{if(!(e instanceof DOMException&&e.name===`AbortError`))throw e}),Qe={"audio/mpeg":`mp3`,"audio/wav":`wav`,"audio/x-wav":`wav`,"audio/flac":`flac`,"audio/ogg":`ogg`,"audio/mp4":`m4a`,"audio/aac":`aac`},$e=e=>Qe[(e??``).split(`;`)[0]??``]??`mp3`,et=({name:e})=>e||`Untitled`;function K(e,t){let[n,r]=z({value:void 0,error:void 0});return B(()=>{let t=new AbortController;return e(t.signal).then(e=>!t.signal.aborted&&r({value:e,error:void 0})).catch(e=>!t.signal.aborted&&r(t=>({...t,error:e}))),()=>t.abort()},t),n}function q(e,t,n,r){return new(n||=Promise)((function(i,a){function o(e){try{c(r.next(e))}catch(e){a(e)}}function s(e){try{c(r.throw(e))}catch(e){a(e)}}function c(e){var t;e.done?i(e.value):(t=e.value,t instanceof n?t:new n((function(e){e(t)}))).then(o,s)}c((r=r.apply(e,t||[])).next())}))}var tt=class{constructor(){this.listeners={}}on(e,t,n){if(this.listeners[e]||(this.listeners[e]=new Set),n?.once){let n=(...r)=>{this.un(e,n),t(...r)};return this.listeners[e].add(n),()=>this.un(e,n)}return this.listeners[e].add(t),()=>this.un(e,t)}un(e,t){var n;(n=this.listeners[e])==null||n.delete(t)}once(e,t){return this.on(e,t,{once:!0})}unAll(){this.listeners={}}emit(e,...t){this.listeners[e]&&this.listeners[e].forEach((e=>e(...t)))}},J=class e{constructor(){this.disposers=[],this.children=new Set,this.parent=null,this._disposed=!1,this.abortController=null}get disposed(){return this._disposed}add(e){return this._disposed?(this.safeRun(e),()=>{}):(this.disposers.push(e),()=>{let t=this.disposers.indexOf(e);t!==-1&&(this.disposers.splice(t,1),this.safeRun(e))})}child(){let t=new e;return this._disposed?(t.dispose(),t):(t.parent=this,this.children.add(t),t)}listen(e,t,n,r){return e.addEventListener(t,n,r),this.add((()=>e.removeEventListener(t,n,r)))}timeout(e,t){let n=setTimeout((()=>{r(),e()}),t),r=this.add((()=>clearTimeout(n)));return r}interval(e,t){let n=setInterval(e,t);return this.add((()=>clearInterval(n)))}raf(e){let t=requestAnimationFrame((t=>{n(),e(t)})),n=this.add((()=>cancelAnimationFrame(t)));return n}observeResize(e,t){e.observe(t),this.add((()=>e.unobserve(t)))}createResizeObserver(e,t){let n=new ResizeObserver(t);return n.observe(e),this.add((()=>n.disconnect())),n}abortSignal(){return this.abortController||(this.abortController=new AbortController,this._disposed&&this.abortController.abort()),this.abortController.signal}dispose(){var e;if(this._disposed)return;this._disposed=!0,this.parent&&=(this.parent.children.delete(this),null);for(let e of[...this.children])e.dispose();this.children.clear();let t=this.disposers;this.disposers=[];for(let e=t.length-1;e>=0;e--)this.safeRun(t[e]);(e=this.abortController)==null||e.abort()}safeRun(e){try{e()}catch(e){console.error(`Scope disposer error:`,e)}}},nt=class extends tt{get destroyed(){return this.isDestroyed}constructor(e){super(),this.subscriptions=[],this.scope=new J,this.isDestroyed=!1,this.options=e}onInit(){}_init(e){this.isDestroyed=!1,this.wavesurfer=e,this.onInit()}destroy(){this.isDestroyed||(this.isDestroyed=!0,this.emit(`destroy`),this.subscriptions.forEach((e=>e())),this.subscriptions=[],this.unAll(),this.scope.dispose(),this.wavesurfer=void 0)}},Y={decode:function(e,t){return q(this,void 0,void 0,(function*(){let n=new AudioContext({sampleRate:t});try{return yield n.decodeAudioData(e)}finally{n.state!==`closed`&&(yield n.close().catch((()=>{})))}}))},createBuffer:function(e,t){if(!e||e.length===0)throw Error(`channelData must be a non-empty array`);if(t<=0)throw Error(`duration must be greater than 0`);if(typeof e[0]==`number`&&(e=[e]),!e[0]||e[0].length===0)throw Error(`channelData must contain non-empty channel arrays`);let n=function(e){let t=0;for(let n of e)for(let e=0;e<n.length;e++){let r=Math.abs(n[e]);r>t&&(t=r)}return t<=1?e:e.map((e=>{let n=new Float32Array(e.length);for(let r=0;r<e.length;r++)n[r]=e[r]/t;return n}))}(e).map((e=>e instanceof Float32Array?e:Float32Array.from(e))),r=e=>{let t=n[e];if(!t)throw Error(`Channel ${e} not found`);return t};return{duration:t,length:n[0].length,sampleRate:n[0].length/t,numberOfChannels:n.length,getChannelData:r,copyFromChannel:(e,t,n=0)=>{let i=r(t),a=Math.max(0,n),o=Math.max(0,Math.min(e.length,i.length-a));e.set(i.subarray(a,a+o))},copyToChannel:(e,t,n=0)=>{let i=r(t),a=Math.max(0,n),o=Math.max(0,Math.min(e.length,i.length-a));i.set(e.subarray(0,o),a)}}}},rt=new Set([`destroy`,`_init`,`onInit`,`emit`,`on`,`un`,`once`,`unAll`,`options`,`wavesurfer`,`subscriptions`,`scope`,`destroyed`,`isDestroyed`,`listeners`]);function it(e,t){let n=t.xmlns?document.createElementNS(t.xmlns,e):document.createElement(e);for(let[e,r]of Object.entries(t))if(e===`children`&&r)for(let[e,t]of Object.entries(r))t instanceof Node?n.appendChild(t):typeof t==`string`?n.appendChild(document.createTextNode(t)):n.appendChild(it(e,t));else e===`style`?Object.assign(n.style,r):e===`textContent`?n.textContent=r:n.setAttribute(e,r.toString());return n}function at(e,t,n){let r=it(e,t||{});return n?.appendChild(r),r}function ot(e){if(e instanceof HTMLElement)return!0;if(typeof e!=`object`||!e)return!1;let t=e;return t.nodeType===Node.ELEMENT_NODE&&typeof t.nodeName==`string`&&t.namespaceURI===`http://www.w3.org/1999/xhtml`&&typeof t.style==`object`&&t.style!==null&&typeof t.appendChild==`function`}var st=Object.freeze({__proto__:null,createElement:at,default:at,isHTMLElement:ot}),ct={fetchBlob:function(e,t,n){return q(this,void 0,void 0,(function*(){let r=yield fetch(e,n);if(r.status>=400)throw Error(`Failed to fetch ${e}: ${r.status} (${r.statusText})`);return function(e,t,n){q(this,void 0,void 0,(function*(){if(!e.body||!e.headers)return;let r=e.body.getReader(),i=Number(e.headers.get(`Content-Length`))||0,a=0,o=()=>{r.cancel()};if(n){if(n.aborted)return void r.cancel();n.addEventListener(`abort`,o,{once:!0})}try{for(;;){let e=yield r.read();if(e.done)break;a+=e.value?.length||0,i>0&&t(Math.round(a/i*100))}}catch(e){if(e instanceof DOMException&&e.name===`AbortError`)return;console.warn(`Progress tracking error:`,e)}finally{n&&n.removeEventListener(`abort`,o)}}))}(r.clone(),t,n?.signal??void 0),r.blob()}))}},lt=class{constructor(e){this.frameId=null,this.callback=null,this.isRunning=!1,e.add((()=>this.stop()))}get running(){return this.isRunning}start(e){if(this.callback=e,this.isRunning)return;this.isRunning=!0;let t=()=>{var e;this.isRunning&&(this.frameId=requestAnimationFrame(t),(e=this.callback)==null||e.call(this))};t()}stop(){this.isRunning=!1,this.frameId!==null&&(cancelAnimationFrame(this.frameId),this.frameId=null)}},X=null;function Z(e){let t=e,n=new Set,r=!1,i=!1,a={get value(){return X?.add(a),t},set(e){Object.is(t,e)||(t=e,(()=>{if(r)i=!0;else{r=!0;try{do{i=!1;let e=[...n],r=t;for(let n of e){try{n(r)}catch(e){console.error(`Signal subscriber error:`,e)}if(!Object.is(t,r)){i=!0;break}}}while(i)}finally{r=!1}}})())},update(e){this.set(e(t))},subscribe:e=>(n.add(e),()=>n.delete(e))};return a}function ut(e){let t=X,n=new Set;X=n;try{return[e(),n]}finally{X=t}}function Q(e,t){let n=Z(void 0),r=[],i=!1,a=new Set,o=()=>{if(!i){if(t)n.set(e());else{r.forEach((e=>e()));let[t,i]=ut(e);r=[...i].map((e=>e.subscribe(o))),n.set(t)}}};t?(r=t.map((e=>e.subscribe(o))),n.set(e())):o();let s=()=>{i=!0,r.forEach((e=>e())),r=[],a.forEach((e=>e())),a.clear()},c={get value(){return X?.add(c),n.value},subscribe:e=>{let t=n.subscribe(e);return a.add(t),()=>{a.delete(t),t()}},dispose:s};return Object.defineProperty(c,"_cleanup",{value:s,enumerable:!1}),Object.defineProperty(c,"_subscriberCount",{value:()=>a.size,enumerable:!1}),c}function dt(e,t){let n,r=[],i=!1,a=()=>{if(!i){if(n){try{n()}catch(e){console.error(`Effect cleanup error:`,e)}n=void 0}if(t)n=e();else{r.forEach((e=>e()));let[t,i]=ut(e);r=[...i].map((e=>e.subscribe(a))),n=t}}};return t&&(r=t.map((e=>e.subscribe(a)))),a(),()=>{if(i=!0,n){try{n()}catch(e){console.error(`Effect cleanup error:`,e)}n=void 0}r.forEach((e=>e())),r=[]}}var ft=class{get isPlayingSignal(){return this._isPlaying}get currentTimeSignal(){return this._currentTime}get durationSignal(){return this._duration}get volumeSignal(){return this._volume}get mutedSignal(){return this._muted}get playbackRateSignal(){return this._playbackRate}get seekingSignal(){return this._seeking}constructor(e){this.isExternalMedia=!1,this._ownBlobUrl=null,this.pendingTime=null,this.mediaScope=new J,e.media?(this.media=e.media,this.isExternalMedia=!0):this.media=document.createElement(`audio`),this._isPlaying=Z(!1),this._currentTime=Z(0),this._duration=Z(0),this._volume=Z(this.media.volume),this._muted=Z(this.media.muted),this._playbackRate=Z(this.media.playbackRate||1),this._seeking=Z(!1),this.setupReactiveMediaEvents(),e.mediaControls&&(this.media.controls=!0),e.autoplay&&(this.media.autoplay=!0),e.playbackRate!=null&&this.mediaScope.add(this.onMediaEvent(`canplay`,(()=>{e.playbackRate!=null&&(this.media.playbackRate=e.playbackRate)}),{once:!0}))}setupReactiveMediaEvents(){this.mediaScope.add(this.onMediaEvent(`play`,(()=>{this._isPlaying.set(!0)}))),this.mediaScope.add(this.onMediaEvent(`pause`,(()=>{this._isPlaying.set(!1)}))),this.mediaScope.add(this.onMediaEvent(`ended`,(()=>{this._isPlaying.set(!1)}))),this.mediaScope.add(this.onMediaEvent(`timeupdate`,(()=>{this._currentTime.set(this.media.currentTime)}))),this.mediaScope.add(this.onMediaEvent(`durationchange`,(()=>{this._duration.set(this.media.duration||0)}))),this.mediaScope.add(this.onMediaEvent(`loadedmetadata`,(()=>{this._duration.set(this.media.duration||0)}))),this.mediaScope.add(this.onMediaEvent(`canplay`,(()=>this.applyPendingTime()))),this.mediaScope.add(this.onMediaEvent(`seeking`,(()=>{this.pendingTime!=null&&Math.abs(this.media.currentTime-this.pendingTime)>.01&&(this.pendingTime=null),this._seeking.set(!0)}))),this.mediaScope.add(this.onMediaEvent(`seeked`,(()=>{this._seeking.set(!1)}))),this.mediaScope.add(this.onMediaEvent(`volumechange`,(()=>{this._volume.set(this.media.volume),this._muted.set(this.media.muted)}))),this.mediaScope.add(this.onMediaEvent(`ratechange`,(()=>{this._playbackRate.set(this.media.playbackRate)})))}onMediaEvent(e,t,n){return this.media.addEventListener(e,t,n),()=>this.media.removeEventListener(e,t,n)}getSrc(){return this.media.currentSrc||this.media.src||``}revokeSrc(){this._ownBlobUrl&&=(URL.revokeObjectURL(this._ownBlobUrl),null)}canPlayType(e){return this.media.canPlayType(e)!==``}applyPendingTime(){if(this.pendingTime==null)return;let e=this.pendingTime;this.media.currentTime=e,this.pendingTime=null}setSrc(e,t){let n=this.getSrc();if(e&&n===e)return;this.revokeSrc();let r=t instanceof Blob&&(this.canPlayType(t.type)||!e)?URL.createObjectURL(t):e;if(this.pendingTime=null,r!==e&&(this._ownBlobUrl=r),n&&this.media.removeAttribute(`src`),r||e)try{this.media.src=r}catch{this.media.src=e}}destroy(){this.pendingTime=null,this.mediaScope.dispose(),this.revokeSrc(),this.isExternalMedia||(this.media.pause(),this.media.removeAttribute(`src`),this.media.load(),this.media.remove())}setMediaElement(e){this.pendingTime=null,this.mediaScope.dispose(),this.mediaScope=new J,this.media=e,this.setupReactiveMediaEvents()}play(){return q(this,void 0,void 0,(function*(){try{this.media.readyState>=3&&this.applyPendingTime();let e=yield this.media.play();return this.applyPendingTime(),e}catch(e){if(e instanceof DOMException&&e.name===`AbortError`)return;throw e}}))}pause(){this.media.pause()}isPlaying(){return!this.media.paused&&!this.media.ended}setTime(e){let t=this.getDuration(),n=Number.isFinite(t)?Math.max(0,Math.min(e,t)):Math.max(0,e);this.media.readyState<3?this.pendingTime=n:(this.pendingTime=null,this.media.currentTime=n)}getDuration(){return this.media.duration}getCurrentTime(){return this.pendingTime??this.media.currentTime}getVolume(){return this.media.volume}setVolume(e){this.media.volume=e}getMuted(){return this.media.muted}setMuted(e){this.media.muted=e}getPlaybackRate(){return this.media.playbackRate}isSeeking(){return this.media.seeking}setPlaybackRate(e,t){t!=null&&(this.media.preservesPitch=t),this.media.playbackRate=e}getMediaElement(){return this.media}setSinkId(e){return this.media.setSinkId(e)}};function pt(e,t){let n=e.barWidth?e.barWidth*t:1;return{barWidth:n,barGap:e.barGap?e.barGap*t:e.barWidth?n/2:0}}function mt({maxTop:e,maxBottom:t,halfHeight:n,vScale:r,barMinHeight:i=0,barAlign:a}){let o=Math.round(e*n*r),s=o+Math.round(t*n*r)||1;return s<i&&(s=i,a||(o=s/2)),{topHeight:o,totalHeight:s}}function ht({barAlign:e,halfHeight:t,topHeight:n,totalHeight:r,canvasHeight:i}){return e===`top`?0:e===`bottom`?i-r:t-n}function gt(e,t,n){return[e.width>0?(t-e.left)/e.width:0,e.height>0?(n-e.top)/e.height:0]}function _t(e){return!!(e.barWidth||e.barGap||e.barAlign)}var vt=null;function yt(e,t){if(!_t(t))return e;let{barWidth:n,barGap:r}=pt(t,1),i=n+r;return i===0?e:Math.floor(e/i)*i}function bt({totalWidth:e,clientWidth:t,options:n}){let r=function({clientWidth:e,totalWidth:t,options:n}){return yt(Math.min(8e3,e,t),n)}({clientWidth:t,totalWidth:e,options:n});if(r===0)return{singleCanvasWidth:0,numCanvases:0,slots:[]};let i=Math.ceil(e/r),a=[];for(let t=0;t<i;t++){let i=t*r,o=yt(Math.min(e-i,r),n);o>0&&a.push({index:t,offset:i,width:o})}return{singleCanvasWidth:r,numCanvases:i,slots:a}}function xt({scrollLeft:e,clientWidth:t,singleCanvasWidth:n,numCanvases:r}){if(n<=0||r<=0)return[0];let i=Math.min(r-1,Math.floor(e/n)),a=Math.min(r-1,Math.floor((e+t)/n)),o=[];for(let e=i-1;e<=a+1;e++)o.push(e);return o}function St(e){let t=0;for(let n of e)for(let e=0;e<n.length;e++){let r=Math.abs(n[e]??0);r>t&&(t=r)}return t}function Ct(e){let t=()=>({scrollLeft:e.scrollLeft,scrollWidth:e.scrollWidth,clientWidth:e.clientWidth}),n=Z(t()),r=Q((()=>function(e){let{scrollLeft:t,scrollWidth:n,clientWidth:r}=e;if(n===0)return{startX:0,endX:1};let i=t/n,a=(t+r)/n;return{startX:Math.max(0,Math.min(1,i)),endX:Math.max(0,Math.min(1,a))}}(n.value)),[n]),i=Q((()=>function(e){return{left:e.scrollLeft,right:e.scrollLeft+e.clientWidth}}(n.value)),[n]),a=()=>{n.set(t())};return e.addEventListener(`scroll`,a,{passive:!0}),{scrollData:n,percentages:r,bounds:i,refresh:()=>{let e=t(),r=n.value;r.scrollLeft===e.scrollLeft&&r.scrollWidth===e.scrollWidth&&r.clientWidth===e.clientWidth||n.set(e)},cleanup:()=>{e.removeEventListener(`scroll`,a),r.dispose(),i.dispose()}}}var wt=class{constructor(e,t){this.isScrollable=Z(!1),this.audioData=null,this.lastContainerWidth=0,this.isDragging=!1,this.scope=new J,this.scrollRenderScope=this.scope.child(),this.delayScope=this.scope.child(),this.dragScope=null,this.dragStream=null,this.scrollStream=null,this.containerInlinePadding=0,this.audioDuration=Z(0),this._clickSignal=Z(null),this._dblclickSignal=Z(null),this._dragEventsSignal=Z(null),this._renderEpoch=Z(0),this._renderedEpoch=Z(0),this._resizeEpoch=Z(0),this.onClickWrapper=e=>{let[t,n]=gt(this.wrapper.getBoundingClientRect(),e.clientX,e.clientY);this._clickSignal.set({relativeX:t,relativeY:n})},this.onDblClickWrapper=e=>{let[t,n]=gt(this.wrapper.getBoundingClientRect(),e.clientX,e.clientY);this._dblclickSignal.set({relativeX:t,relativeY:n})},this.options=e;let n=this.parentFromOptionsContainer(e.container);this.parent=n;let[r,i]=this.initHtml();n.appendChild(r),this.container=r,this.scrollContainer=i.querySelector(`.scroll`),this.wrapper=i.querySelector(`.wrapper`),this.canvasWrapper=i.querySelector(`.canvases`),this.progressWrapper=i.querySelector(`.progress`),this.cursor=i.querySelector(`.cursor`),this.calculateInlinePadding(),t&&i.appendChild(t),this.initEvents(),this.visibleRange=Q((()=>{let e=this.audioDuration.value;if(!this.isScrollable.value||e===0||!this.scrollStream)return{startTime:0,endTime:e};let{startX:t,endX:n}=this.scrollStream.percentages.value;return{startTime:t*e,endTime:n*e}})),this.scope.add((()=>this.visibleRange.dispose()))}parentFromOptionsContainer(e){let t;if(typeof e==`string`?t=document.querySelector(e):ot(e)&&(t=e),!t)throw Error(`Container not found`);return t}initEvents(){if(this.scope.listen(this.wrapper,`click`,this.onClickWrapper),this.scope.listen(this.wrapper,`dblclick`,this.onDblClickWrapper),!0!==this.options.dragToSeek&&typeof this.options.dragToSeek!=`object`||this.initDrag(),this.scrollStream=Ct(this.scrollContainer),this.scrollSignals={percentages:this.scrollStream.percentages,bounds:this.scrollStream.bounds},this.scope.add((()=>{var e;(e=this.scrollStream)==null||e.cleanup(),this.scrollStream=null})),typeof ResizeObserver==`function`){let e=this.createDelay(100);this.scope.createResizeObserver(this.scrollContainer,(()=>{e().then((()=>this.onContainerResize())).catch((()=>{}))}))}}onContainerResize(){var e;(e=this.scrollStream)==null||e.refresh();let t=this.parent.clientWidth;this.calculateInlinePadding(),t===this.lastContainerWidth&&this.options.height!==`auto`||(this.lastContainerWidth=t,this.reRender(),this._resizeEpoch.update((e=>e+1)))}initDrag(){if(this.dragStream)return;let e=this.scope.child();this.dragScope=e,this.dragStream=function(e,t={}){let{threshold:n=3,mouseButton:r=0,touchDelay:i=100}=t,a=Z(null),o=new Map,s=matchMedia(`(pointer: coarse)`).matches,c=()=>{},l=t=>{if(t.button!==r||o.has(t.pointerId)||(o.set(t.pointerId,t),o.size>1))return;let l=t.pointerId,u=t.clientX,d=t.clientY,f=!1,p=Date.now(),{left:m,top:h}=e.getBoundingClientRect(),g=e=>{if(e.pointerId!==l||e.defaultPrevented||o.size>1||s&&Date.now()-p<i)return;let t=e.clientX,r=e.clientY,c=t-u,g=r-d;(f||Math.abs(c)>n||Math.abs(g)>n)&&(e.preventDefault(),e.stopPropagation(),f||=(a.set({type:`start`,x:u-m,y:d-h}),!0),a.set({type:`move`,x:t-m,y:r-h,deltaX:c,deltaY:g}),u=t,d=r)},_=e=>{if(o.delete(e.pointerId)){if(e.pointerId===l&&f){let t=e.clientX,n=e.clientY;a.set({type:`end`,x:t-m,y:n-h})}o.size===0&&c()}},v=e=>{f&&(e.stopPropagation(),e.preventDefault())},y=e=>{e.defaultPrevented||o.size>1||f&&e.preventDefault()};window.addEventListener(`pointermove`,g),window.addEventListener(`pointerup`,_),window.addEventListener(`pointercancel`,_),document.addEventListener(`touchmove`,y,{passive:!1}),document.addEventListener(`click`,v,{capture:!0}),c=()=>{window.removeEventListener(`pointermove`,g),window.removeEventListener(`pointerup`,_),window.removeEventListener(`pointercancel`,_),document.removeEventListener(`touchmove`,y),setTimeout((()=>{document.removeEventListener(`click`,v,{capture:!0})}),10)}};return e.addEventListener(`pointerdown`,l),{signal:a,cleanup:()=>{c(),e.removeEventListener(`pointerdown`,l),o.clear()}}}(this.wrapper),e.add((()=>{var e;(e=this.dragStream)==null||e.cleanup(),this.dragStream=null}));let t=dt((()=>{let e=this.dragStream.signal.value;if(!e)return;let t=this.wrapper.getBoundingClientRect().width,n=(r=e.x/t,Number.isNaN(r)||r<0?0:r>1?1:r);var r;e.type===`start`?(this.isDragging=!0,this._dragEventsSignal.set({type:`start`,relativeX:n})):e.type===`move`?this._dragEventsSignal.set({type:`move`,relativeX:n}):e.type===`end`&&(this.isDragging=!1,this._dragEventsSignal.set({type:`end`,relativeX:n}))}),[this.dragStream.signal]);e.add(t)}disposeDrag(){var e;(e=this.dragScope)==null||e.dispose(),this.dragScope=null}calculateInlinePadding(){let{paddingLeft:e,paddingRight:t}=getComputedStyle(this.scrollContainer),n=parseFloat(e)+parseFloat(t);this.containerInlinePadding=Number.isNaN(n)?0:n}initHtml(){let e=document.createElement(`div`),t=e.attachShadow({mode:`open`}),n=this.options.cspNonce&&typeof this.options.cspNonce==`string`?this.options.cspNonce.replace(/"/g,``):``;return t.innerHTML=`\n      <style${n?` nonce="${n}"`:``}>\n        :host {\n          user-select: none;\n          min-width: 1px;\n        }\n        :host audio {\n          display: block;\n          width: 100%;\n        }\n        :host .scroll {\n          overflow-x: auto;\n          overflow-y: hidden;\n          width: 100%;\n          position: relative;\n        }\n        :host .noScrollbar {\n          scrollbar-color: transparent;\n          scrollbar-width: none;\n        }\n        :host .noScrollbar::-webkit-scrollbar {\n          display: none;\n          -webkit-appearance: none;\n        }\n        :host .wrapper {\n          position: relative;\n          overflow: visible;\n          z-index: 2;\n        }\n        :host .canvases {\n          min-height: ${this.getHeight(this.options.height,this.options.splitChannels)}px;\n          pointer-events: none;\n        }\n        :host .canvases > div {\n          position: relative;\n        }\n        :host canvas {\n          display: block;\n          position: absolute;\n          top: 0;\n          image-rendering: pixelated;\n        }\n        :host .progress {\n          pointer-events: none;\n          position: absolute;\n          z-index: 2;\n          top: 0;\n          left: 0;\n          width: 0;\n          height: 100%;\n          overflow: hidden;\n        }\n        :host .progress > div {\n          position: relative;\n        }\n        :host .cursor {\n          pointer-events: none;\n          position: absolute;\n          z-index: 5;\n          top: 0;\n          left: 0;\n          height: 100%;\n          border-radius: 2px;\n        }\n      </style>\n\n      <div class="scroll" part="scroll">\n        <div class="wrapper" part="wrapper">\n          <div class="canvases" part="canvases"></div>\n          <div class="progress" part="progress"></div>\n          <div class="cursor" part="cursor"></div>\n        </div>\n      </div>\n    `,[e,t]}setOptions(e){if(this.options.container!==e.container){let t=this.parentFromOptionsContainer(e.container);t.appendChild(this.container),this.parent=t}!0===e.dragToSeek||typeof e.dragToSeek==`object`?this.initDrag():this.disposeDrag(),this.options=e,this.reRender()}getWrapper(){return this.wrapper}getWidth(){return this.scrollContainer.clientWidth-this.containerInlinePadding}getScroll(){return this.scrollContainer.scrollLeft}setScroll(e){this.scrollContainer.scrollLeft=e}setScrollPercentage(e){let{scrollWidth:t}=this.scrollContainer,n=t*e;this.setScroll(n)}getVisibleRange(){return this.visibleRange}get clickSignal(){return this._clickSignal}get dblclickSignal(){return this._dblclickSignal}get dragEventsSignal(){return this._dragEventsSignal}get renderEpoch(){return this._renderEpoch}get renderedEpoch(){return this._renderedEpoch}get resizeEpoch(){return this._resizeEpoch}getScrollSignals(){return this.scrollSignals}destroy(){this.scope.dispose(),this.audioData=null,this.container.remove()}createDelay(e=10){let t,n,r,i=()=>{t?.(),t=void 0,n?.(),n=void 0,r&&=(r(),void 0)};return()=>new Promise(((a,o)=>{i(),r=o,t=this.delayScope.timeout((()=>{r=void 0,n?.(),n=void 0,a()}),e),n=this.delayScope.add(i)}))}getHeight(e,t){let n=this.audioData?.numberOfChannels||1;return function({optionsHeight:e,optionsSplitChannels:t,parentHeight:n,numberOfChannels:r,defaultHeight:i=128}){if(e==null)return i;let a=Number(e);if(!isNaN(a))return a;if(e===`auto`){let e=n||i;return t?.every((e=>!e.overlay))?e/r:e}return i}({optionsHeight:e,optionsSplitChannels:t,parentHeight:this.parent.clientHeight,numberOfChannels:n,defaultHeight:128})}convertColorValues(e,t){return function(e,t,n){if(!Array.isArray(e))return e||``;if(e.length===0)return`#999`;if(e.length<2)return e[0]||``;vt??=document.createElement(`canvas`);let r=vt.getContext(`2d`);if(!r)return e[0]||``;let i=n||vt.height*t,a=r.createLinearGradient(0,0,0,i),o=1/(e.length-1);return e.forEach(((e,t)=>{a.addColorStop(t*o,e)})),a}(e,this.getPixelRatio(),t?.canvas.height)}getPixelRatio(){return e=window.devicePixelRatio,Math.max(1,e||1);var e}renderBarWaveform(e,t,n,r){let{width:i,height:a}=n.canvas,{halfHeight:o,barWidth:s,barRadius:c,barIndexScale:l,barSpacing:u,barMinHeight:d}=function({width:e,height:t,length:n,options:r,pixelRatio:i}){let a=t/2,{barWidth:o,barGap:s}=pt(r,i),c=o+s||1;return{halfHeight:a,barWidth:o,barGap:s,barRadius:r.barRadius||0,barMinHeight:r.barMinHeight?r.barMinHeight*i:0,barIndexScale:n>0?e/c/n:0,barSpacing:c}}({width:i,height:a,length:(e[0]||[]).length,options:t,pixelRatio:this.getPixelRatio()}),f=function({channelData:e,barIndexScale:t,barSpacing:n,barWidth:r,halfHeight:i,vScale:a,canvasHeight:o,barAlign:s,barMinHeight:c}){let l=e[0]||[],u=e[1]||l,d=l.length,f=[],p=0,m=0,h=0;for(let e=0;e<=d;e++){let d=Math.round(e*t);if(d>p){let{topHeight:e,totalHeight:t}=mt({maxTop:m,maxBottom:h,halfHeight:i,vScale:a,barMinHeight:c,barAlign:s}),l=ht({barAlign:s,halfHeight:i,topHeight:e,totalHeight:t,canvasHeight:o});f.push({x:p*n,y:l,width:r,height:t}),p=d,m=0,h=0}let g=Math.abs(l[e]||0),_=Math.abs(u[e]||0);g>m&&(m=g),_>h&&(h=_)}return f}({channelData:e,barIndexScale:l,barSpacing:u,barWidth:s,halfHeight:o,vScale:r,canvasHeight:a,barAlign:t.barAlign,barMinHeight:d});n.beginPath();for(let e of f)c&&`roundRect`in n?n.roundRect(e.x,e.y,e.width,e.height,c):n.rect(e.x,e.y,e.width,e.height);n.fill(),n.closePath()}renderLineWaveform(e,t,n,r){let{width:i,height:a}=n.canvas,o=function({channelData:e,width:t,height:n,vScale:r}){let i=n/2,a=e[0]||[];return[a,e[1]||a].map(((e,n)=>{let a=e.length,o=a?t/a:0,s=i,c=n===0?-1:1,l=[{x:0,y:s}],u=0,d=0;for(let t=0;t<=a;t++){let n=Math.round(t*o);if(n>u){let e=s+(Math.round(d*i*r)||1)*c;l.push({x:u,y:e}),u=n,d=0}let a=Math.abs(e[t]||0);a>d&&(d=a)}return l.push({x:u,y:s}),l}))}({channelData:e,width:i,height:a,vScale:r});n.beginPath();for(let e of o)if(e.length){n.moveTo(e[0].x,e[0].y);for(let t=1;t<e.length;t++){let r=e[t];n.lineTo(r.x,r.y)}}n.fill(),n.closePath()}renderWaveform(e,t,n){if(n.fillStyle=this.convertColorValues(t.waveColor,n),t.renderFunction)return void t.renderFunction(e,n);let r=function({channelData:e,barHeight:t,normalize:n,maxPeak:r}){let i=t||1;if(!n)return i;let a=e[0];if(!a||a.length===0)return i;let o=r??0;if(!r)for(let e=0;e<a.length;e++){let t=a[e]??0,n=Math.abs(t);n>o&&(o=n)}return o?i/o:i}({channelData:e,barHeight:t.barHeight,normalize:t.normalize,maxPeak:t.maxPeak});_t(t)?this.renderBarWaveform(e,t,n,r):this.renderLineWaveform(e,t,n,r)}renderSingleCanvas(e,t,n,r,i,a,o){let s=this.getPixelRatio(),c=document.createElement(`canvas`);c.width=Math.round(n*s),c.height=Math.round(r*s),c.style.width=`${n}px`,c.style.height=`${r}px`,c.style.left=`${Math.round(i)}px`,a.appendChild(c);let l=c.getContext(`2d`);if(t.renderFunction?(l.fillStyle=this.convertColorValues(t.waveColor,l),t.renderFunction(e,l)):this.renderWaveform(e,t,l),c.width>0&&c.height>0){let e=c.cloneNode(),n=e.getContext(`2d`);n.drawImage(c,0,0),n.globalCompositeOperation=`source-in`,n.fillStyle=this.convertColorValues(t.progressColor,n),n.fillRect(0,0,c.width,c.height),o.appendChild(e)}}renderMultiCanvas(e,t,n,r,i,a){let o=this.getPixelRatio(),{clientWidth:s}=this.scrollContainer,c=n/o,l=bt({clientWidth:s,totalWidth:c,options:t}),u={};if(l.singleCanvasWidth===0)return;let d=n=>{let o=l.slots[n];if(!o||u[n])return;u[n]=!0;let s=function({channelData:e,offset:t,clampedWidth:n,totalWidth:r}){return e.map((e=>{let i=Math.floor(t/r*e.length),a=Math.floor((t+n)/r*e.length);return e.slice(i,a)}))}({channelData:e,offset:o.offset,clampedWidth:o.width,totalWidth:c});this.renderSingleCanvas(s,t,o.width,r,o.offset,i,a)};if(!this.isScrollable.value)for(let e=0;e<l.numCanvases;e++)d(e);else if(xt({scrollLeft:this.scrollContainer.scrollLeft,clientWidth:s,singleCanvasWidth:l.singleCanvasWidth,numCanvases:l.numCanvases}).forEach((e=>d(e))),l.numCanvases>1){let e=dt((()=>{let{scrollLeft:e,clientWidth:t}=this.scrollContainer;Object.keys(u).length>10&&(i.innerHTML=``,a.innerHTML=``,u={}),xt({scrollLeft:e,clientWidth:t,singleCanvasWidth:l.singleCanvasWidth,numCanvases:l.numCanvases}).forEach((e=>d(e)))}),[this.visibleRange]);this.scrollRenderScope.add(e)}}renderChannel(e,t,n,r){var{overlay:i}=t,a=function(e,t){var n={};for(var r in e)Object.prototype.hasOwnProperty.call(e,r)&&t.indexOf(r)<0&&(n[r]=e[r]);if(e!=null&&typeof Object.getOwnPropertySymbols==`function`){var i=0;for(r=Object.getOwnPropertySymbols(e);i<r.length;i++)t.indexOf(r[i])<0&&Object.prototype.propertyIsEnumerable.call(e,r[i])&&(n[r[i]]=e[r[i]])}return n}(t,[`overlay`]);let o=document.createElement(`div`),s=this.getHeight(a.height,a.splitChannels);o.style.height=`${s}px`,i&&r>0&&(o.style.marginTop=`-${s}px`),this.canvasWrapper.style.minHeight=`${s}px`,this.canvasWrapper.appendChild(o);let c=o.cloneNode();this.progressWrapper.appendChild(c),a.normalize&&a.maxPeak==null&&(a=Object.assign(Object.assign({},a),{maxPeak:St(e)})),this.renderMultiCanvas(e,a,n,s,o,c)}render(e){return q(this,void 0,void 0,(function*(){var t;this.delayScope.dispose(),this.delayScope=this.scope.child(),this.scrollRenderScope.dispose(),this.scrollRenderScope=this.scope.child(),this.canvasWrapper.innerHTML=``,this.progressWrapper.innerHTML=``,this.options.width==null?this.scrollContainer.style.width=``:this.scrollContainer.style.width=typeof this.options.width==`number`?`${this.options.width}px`:this.options.width;let n=this.getPixelRatio(),r=this.scrollContainer.clientWidth-this.containerInlinePadding,{scrollWidth:i,isScrollable:a,useParentWidth:o,width:s}=function({duration:e,minPxPerSec:t=0,parentWidth:n,fillParent:r,pixelRatio:i}){let a=Math.ceil(e*t),o=a>n,s=!(!r||o);return{scrollWidth:a,isScrollable:o,useParentWidth:s,width:(s?n:a)*i}}({duration:e.duration,minPxPerSec:this.options.minPxPerSec||0,parentWidth:r,fillParent:this.options.fillParent,pixelRatio:n});if(this.isScrollable.set(a),this.wrapper.style.width=o?`100%`:`${i}px`,this.scrollContainer.style.overflowX=this.isScrollable.value?`auto`:`hidden`,this.scrollContainer.classList.toggle(`noScrollbar`,!!this.options.hideScrollbar),this.cursor.style.backgroundColor=`${this.options.cursorColor||this.options.progressColor}`,this.cursor.style.width=`${this.options.cursorWidth}px`,(t=this.scrollStream)==null||t.refresh(),this.audioData=e,this.audioDuration.set(e.duration),this._renderEpoch.update((e=>e+1)),this.options.splitChannels)for(let t=0;t<e.numberOfChannels;t++){let n=Object.assign(Object.assign({},this.options),this.options.splitChannels?.[t]);this.renderChannel([e.getChannelData(t)],n,s,t)}else{let t=[e.getChannelData(0)];e.numberOfChannels>1&&t.push(e.getChannelData(1)),this.renderChannel(t,this.options,s,0)}Promise.resolve().then((()=>this._renderedEpoch.update((e=>e+1))))}))}reRender(){if(this.scrollRenderScope.dispose(),this.scrollRenderScope=this.scope.child(),!this.audioData)return;let{scrollWidth:e}=this.scrollContainer,{right:t}=this.progressWrapper.getBoundingClientRect();if(this.render(this.audioData),!this.isScrollable.value&&this.scrollContainer.scrollLeft)this.scrollContainer.scrollLeft=0;else if(this.isScrollable.value&&e!==this.scrollContainer.scrollWidth){let{right:e}=this.progressWrapper.getBoundingClientRect(),r=(n=e-t,Math.sign(n)*Math.round(Math.abs(n)));this.scrollContainer.scrollLeft+=r}var n}zoom(e){this.options.minPxPerSec=e,this.reRender()}scrollIntoView(e,t=!1){let{scrollLeft:n,scrollWidth:r,clientWidth:i}=this.scrollContainer,a=e*r,o=n,s=n+i,c=i/2;if(this.isDragging)a+30>s?this.scrollContainer.scrollLeft+=30:a-30<o&&(this.scrollContainer.scrollLeft-=30);else{(a<o||a>s)&&(this.scrollContainer.scrollLeft=a-(this.options.autoCenter?c:0));let e=a-n-c;if(t&&this.options.autoCenter&&e>0){let t=this.audioData?.duration;if(t===void 0||t<=0)return void(this.scrollContainer.scrollLeft+=e);let n=r/t;this.scrollContainer.scrollLeft+=n<=600?Math.min(e,10):e}}}renderProgress(e,t){if(isNaN(e))return;let n=100*e;this.canvasWrapper.style.clipPath=`polygon(${n}% 0%, 100% 0%, 100% 100%, ${n}% 100%)`,this.progressWrapper.style.width=`${n}%`,this.cursor.style.left=`${n}%`,this.cursor.style.transform=this.options.cursorWidth?`translateX(-${e*this.options.cursorWidth}px)`:``,this.isScrollable.value&&this.options.autoScroll&&this.audioData&&this.audioData.duration>0&&this.scrollIntoView(e,t)}exportImage(e,t,n){return q(this,void 0,void 0,(function*(){let r=this.canvasWrapper.querySelectorAll(`canvas`);if(!r.length)throw Error(`No waveform data`);if(n===`dataURL`){let n=Array.from(r).map((n=>n.toDataURL(e,t)));return Promise.resolve(n)}return Promise.all(Array.from(r).map((n=>new Promise(((r,i)=>{n.toBlob((e=>{e?r(e):i(Error(`Could not export image`))}),e,t)})))))}))}},Tt=class extends tt{constructor(e){super(),this.bufferNode=null,this.playStartTime=0,this.playbackPosition=0,this._muted=!1,this._playbackRate=1,this._duration=void 0,this.buffer=null,this.currentSrc=``,this.paused=!0,this.crossOrigin=null,this.seeking=!1,this.autoplay=!1,this.error=null,this.scope=new J,this.scheduledStop=null,this.addEventListener=this.on,this.removeEventListener=this.un,this._destroyed=!1,this.srcGeneration=0,this.srcFetchAbort=null,function(){let e=globalThis.navigator;if(e?.audioSession)try{e.audioSession.type=`playback`}catch(e){console.warn(`Setting navigator.audioSession.type failed:`,e)}}(),this.audioContext=e||new AudioContext,this.gainNode=this.audioContext.createGain(),this.gainNode.connect(this.audioContext.destination)}load(){return q(this,void 0,void 0,(function*(){}))}remove(){this.destroy()}destroy(){var e;if(!this._destroyed){if(this._destroyed=!0,this.scope.dispose(),this.scheduledStop=null,this.srcGeneration++,(e=this.srcFetchAbort)==null||e.abort(),this.srcFetchAbort=null,this.currentSrc=``,this.bufferNode){this.bufferNode.onended=null;try{this.bufferNode.stop()}catch{}this.bufferNode.disconnect(),this.bufferNode=null}this.gainNode.disconnect(),typeof this.audioContext.close==`function`&&Promise.resolve(this.audioContext.close.call(this.audioContext)).catch((()=>{})),this.buffer=null,this.unAll()}}get src(){return this.currentSrc}set src(e){var t;this.currentSrc=e,this._duration=void 0,this.error=null;let n=++this.srcGeneration;if((t=this.srcFetchAbort)==null||t.abort(),this.srcFetchAbort=null,!e)return this.buffer=null,void this.emit(`emptied`);let r=new AbortController;this.srcFetchAbort=r,fetch(e,{signal:r.signal}).then((t=>{if(t.status>=400)throw Error(`Failed to fetch ${e}: ${t.status} (${t.statusText})`);return t.arrayBuffer()})).then((e=>n===this.srcGeneration?this.audioContext.decodeAudioData(e):null)).then((e=>{n===this.srcGeneration&&(this.buffer=e,this.emit(`loadedmetadata`),this.emit(`canplay`),this.autoplay&&this.play())})).catch((e=>{n===this.srcGeneration&&(console.error(`WebAudioPlayer load error:`,e),this.error=e instanceof Error?e:Error(String(e)),this.emit(`error`,this.error))}))}_play(){if(!this.paused)return;this.paused=!1,this.bufferNode&&(this.bufferNode.onended=null,this.bufferNode.disconnect()),this.bufferNode=this.audioContext.createBufferSource(),this.buffer&&(this.bufferNode.buffer=this.buffer),this.bufferNode.playbackRate.value=this._playbackRate,this.bufferNode.connect(this.gainNode);let e=this.playbackPosition;(e>=this.duration||e<0)&&(e=0,this.playbackPosition=0),this.bufferNode.start(this.audioContext.currentTime,e),this.playStartTime=this.audioContext.currentTime,this.bufferNode.onended=()=>{!this.paused&&this.duration-this.currentTime<.01&&(this.pause(),this.emit(`ended`))}}_pause(){if(this.scheduledStop&&this.currentTime<this.scheduledStop.time&&this.cancelScheduledStop(),this.playbackPosition=this.currentTime,this.paused=!0,this.bufferNode){this.bufferNode.onended=null;try{this.bufferNode.stop()}catch{}}}play(){return q(this,void 0,void 0,(function*(){this.paused&&(this.audioContext.state===`suspended`&&typeof this.audioContext.resume==`function`&&this.audioContext.resume().catch((()=>{})),this._play(),this.emit(`play`))}))}pause(){this.paused||(this._pause(),this.emit(`pause`))}cancelScheduledStop(){var e;(e=this.scheduledStop)==null||e.cancel(),this.scheduledStop=null}stopAt(e){let t=this.bufferNode;if(!t)return;this.cancelScheduledStop();let n=(e-this.currentTime)/this._playbackRate;t.stop(this.audioContext.currentTime+Math.max(0,n));let r=this.scope.listen(t,`ended`,(()=>{let n=this.scheduledStop;n?.node===t&&(this.scheduledStop=null,n.cancel(),t===this.bufferNode&&(this.bufferNode=null,this.pause(),this.playbackPosition=Math.min(e,this.duration),this.emit(`timeupdate`)))}),{once:!0});this.scheduledStop={node:t,time:e,cancel:r}}setSinkId(e){return q(this,void 0,void 0,(function*(){return this.audioContext.setSinkId(e)}))}get playbackRate(){return this._playbackRate}set playbackRate(e){let t=!this.paused;t&&this._pause(),this._playbackRate=e,t&&this._play(),this.bufferNode&&(this.bufferNode.playbackRate.value=e)}get currentTime(){return this.paused?this.playbackPosition:this.playbackPosition+(this.audioContext.currentTime-this.playStartTime)*this._playbackRate}set currentTime(e){let t=!this.paused;t&&this._pause(),this.playbackPosition=e,t&&this._play(),this.emit(`seeking`),this.emit(`seeked`),this.emit(`timeupdate`)}get duration(){return this._duration??(this.buffer?.duration||0)}set duration(e){this._duration=e}get volume(){return this.gainNode.gain.value}set volume(e){this.gainNode.gain.value=e,this.emit(`volumechange`)}get muted(){return this._muted}set muted(e){this._muted!==e&&(this._muted=e,this._muted?this.gainNode.disconnect():this.gainNode.connect(this.audioContext.destination))}canPlayType(e){return/^(audio|video)\//.test(e)}getGainNode(){return this.gainNode}getChannelData(){let e=[];if(!this.buffer)return e;let t=this.buffer.numberOfChannels;for(let n=0;n<t;n++)e.push(this.buffer.getChannelData(n));return e}removeAttribute(e){switch(e){case`src`:this.src=``;break;case`playbackRate`:this.playbackRate=0;break;case`currentTime`:this.currentTime=0;break;case`duration`:this.duration=0;break;case`volume`:this.volume=0;break;case`muted`:this.muted=!1}}},Et={waveColor:`#999`,progressColor:`#555`,cursorWidth:1,minPxPerSec:0,fillParent:!0,interact:!0,dragToSeek:!1,autoScroll:!0,autoCenter:!0,sampleRate:8e3},Dt=class e extends tt{static create(t){return new e(t)}getState(){return this.wavesurferState}getRenderer(){return this.renderer}constructor(e){super(),this.plugins=[],this.decodedData=null,this.stopAtPosition=null,this.internalWebAudioPlayer=null,this.webAudioPlayer=null,this.scope=new J,this.mediaEventScope=this.scope.child(),this.frameScheduler=new lt(this.scope),this.loadScope=null,this.supersededLoadScopes=new WeakSet,this.isDestroyed=!1,this.onTick=()=>{if(!this.isSeeking()){let e=this.updateProgress();if(this.emit(`timeupdate`,e),this.emit(`audioprocess`,e),this.stopAtPosition!=null&&this.isPlaying()&&e>=this.stopAtPosition){let e=this.stopAtPosition;this.pause(),this.setTime(e)}}};let t=e.media||e.backend!==`WebAudio`?null:new Tt,n=e.media??t??void 0;this.player=new ft({media:n,mediaControls:e.mediaControls,autoplay:e.autoplay,playbackRate:e.audioRate}),this.internalWebAudioPlayer=t,this.webAudioPlayer=t??(e.media instanceof Tt?e.media:null),this.options=Object.assign({},Et,e);let{state:r,actions:i,dispose:a}=function(e){let t=e?.currentTime??Z(0),n=e?.duration??Z(0),r=e?.isPlaying??Z(!1),i=e?.isSeeking??Z(!1),a=e?.volume??Z(1),o=e?.muted??Z(!1),s=e?.playbackRate??Z(1),c=Z(null),l=Z(null),u=Z(``),d=Z(0),f=Z(0),p=Z(`idle`),m=Q((()=>!r.value),[r]),h=Q((()=>c.value!==null),[c]),g=Q((()=>h.value&&n.value>0),[h,n]),_=Q((()=>t.value),[t]),v=Q((()=>n.value>0?t.value/n.value:0),[t,n]),y=[m,h,g,_,v];return{state:{currentTime:t,duration:n,isPlaying:r,isPaused:m,isSeeking:i,volume:a,muted:o,playbackRate:s,audioBuffer:c,peaks:l,url:u,zoom:d,scrollPosition:f,loadPhase:p,canPlay:h,isReady:g,progress:_,progressPercent:v},actions:{setCurrentTime:e=>{let r=Math.max(0,Math.min(n.value||1/0,e));t.set(r)},setDuration:e=>{n.set(Math.max(0,e))},setPlaying:e=>{r.set(e)},setSeeking:e=>{i.set(e)},setVolume:e=>{let t=Math.max(0,Math.min(1,e));a.set(t)},setPlaybackRate:e=>{let t=Math.max(.1,Math.min(16,e));s.set(t)},setAudioBuffer:e=>{if(c.set(e),e){let t=n.value;(t===0||Number.isNaN(t)||t===1/0)&&n.set(e.duration)}},setPeaks:e=>{l.set(e)},setUrl:e=>{u.set(e)},setZoom:e=>{d.set(Math.max(0,e))},setScrollPosition:e=>{f.set(Math.max(0,e))},setLoadPhase:e=>{p.set(e)}},dispose:()=>{y.forEach((e=>e.dispose()))}}}({isPlaying:this.player.isPlayingSignal,currentTime:this.player.currentTimeSignal,duration:this.player.durationSignal,volume:this.player.volumeSignal,muted:this.player.mutedSignal,playbackRate:this.player.playbackRateSignal,isSeeking:this.player.seekingSignal});this.wavesurferState=r,this.wavesurferActions=i,this.scope.add(a);let o=n?void 0:this.player.getMediaElement();this.renderer=new wt(this.options,o),this.initPlayerEvents(),this.initRendererEvents(),this.initPlugins();let s=this.options.url||this.player.getSrc()||``;Promise.resolve().then((()=>{if(this.isDestroyed)return;this.emit(`init`);let{peaks:e,duration:t}=this.options;(s||e&&t)&&this.load(s,e,t).catch((()=>{}))}))}updateProgress(e=this.getCurrentTime()){return this.renderer.renderProgress(e/this.getDuration(),this.isPlaying()),e}initPlayerEvents(){this.isPlaying()&&(this.emit(`play`),this.frameScheduler.start(this.onTick)),this.mediaEventScope.add(this.player.onMediaEvent(`timeupdate`,(()=>{let e=this.updateProgress();if(this.emit(`timeupdate`,e),this.stopAtPosition!=null&&this.isPlaying()&&e>=this.stopAtPosition){let e=this.stopAtPosition;this.pause(),this.setTime(e)}}))),this.mediaEventScope.add(this.player.onMediaEvent(`play`,(()=>{this.emit(`play`),this.frameScheduler.start(this.onTick)}))),this.mediaEventScope.add(this.player.onMediaEvent(`pause`,(()=>{this.emit(`pause`),this.frameScheduler.stop(),this.stopAtPosition=null}))),this.mediaEventScope.add(this.player.onMediaEvent(`emptied`,(()=>{this.frameScheduler.stop(),this.stopAtPosition=null}))),this.mediaEventScope.add(this.player.onMediaEvent(`ended`,(()=>{this.emit(`timeupdate`,this.getDuration()),this.emit(`finish`),this.stopAtPosition=null}))),this.mediaEventScope.add(this.player.onMediaEvent(`seeking`,(()=>{this.emit(`seeking`,this.getCurrentTime())}))),this.mediaEventScope.add(this.player.onMediaEvent(`error`,(()=>{let e=this.player.getMediaElement().error,t;t=e instanceof Error?e:Error(e?e.message||`Media error ${e.code}`:`Media error`),this.emit(`error`,t),this.stopAtPosition=null})))}initRendererEvents(){this.scope.add(this.renderer.clickSignal.subscribe((e=>{e&&this.options.interact&&(this.seekTo(e.relativeX),this.emit(`interaction`,e.relativeX*this.getDuration()),this.emit(`click`,e.relativeX,e.relativeY))}))),this.scope.add(this.renderer.dblclickSignal.subscribe((e=>{e&&this.emit(`dblclick`,e.relativeX,e.relativeY)})));{let{percentages:e,bounds:t}=this.renderer.getScrollSignals();this.scope.add(dt((()=>{let{startX:n,endX:r}=e.value,{left:i,right:a}=t.value,o=this.getDuration();this.wavesurferActions.setScrollPosition(i),this.emit(`scroll`,n*o,r*o,i,a)}),[e,t]))}this.scope.add(this.renderer.renderEpoch.subscribe((()=>{this.emit(`redraw`)}))),this.scope.add(this.renderer.renderedEpoch.subscribe((()=>{this.emit(`redrawcomplete`)}))),this.scope.add(this.renderer.resizeEpoch.subscribe((()=>{this.emit(`resize`)})));{let e,t=this.renderer.dragEventsSignal.subscribe((t=>{if(!t)return;let{relativeX:n}=t;if(t.type===`start`)return void this.emit(`dragstart`,n);if(t.type===`end`)return void this.emit(`dragend`,n);if(!this.options.interact)return;this.renderer.renderProgress(n),e?.();let r=0,i=this.options.dragToSeek;this.isPlaying()?r=0:!0===i?r=200:i&&typeof i==`object`&&(r=i.debounceTime??200),e=this.scope.timeout((()=>{this.seekTo(n)}),r),this.emit(`interaction`,n*this.getDuration()),this.emit(`drag`,n)}));this.scope.add(t)}}initPlugins(){var e;(e=this.options.plugins)!=null&&e.length&&this.options.plugins.forEach((e=>{this.registerPlugin(e)}))}unsubscribePlayerEvents(){this.mediaEventScope.dispose(),this.mediaEventScope=this.scope.child()}setOptions(e){this.isDestroyed||(this.options=Object.assign({},this.options,e),e.duration&&!e.peaks&&(this.decodedData=Y.createBuffer(this.exportPeaks(),e.duration),this.wavesurferActions.setAudioBuffer(this.decodedData)),e.peaks&&e.duration&&(this.decodedData=Y.createBuffer(e.peaks,e.duration),this.wavesurferActions.setAudioBuffer(this.decodedData)),this.renderer.setOptions(this.options),e.audioRate&&this.setPlaybackRate(e.audioRate),e.mediaControls!=null&&(this.player.getMediaElement().controls=e.mediaControls))}registerPlugin(e){if(this.isDestroyed)throw Error(`Cannot register a plugin: wavesurfer was destroyed. Create a new instance instead.`);if(this.plugins.includes(e))return e;e._init(this),this.plugins.push(e);let t=this.scope.add(e.once(`destroy`,(()=>{this.plugins=this.plugins.filter((t=>t!==e)),t()})));return e}unregisterPlugin(e){this.plugins=this.plugins.filter((t=>t!==e)),e.destroy()}getWrapper(){return this.renderer.getWrapper()}getWidth(){return this.renderer.getWidth()}getScroll(){return this.renderer.getScroll()}setScroll(e){if(!this.isDestroyed)return this.renderer.setScroll(e)}setScrollTime(e){let t=e/this.getDuration();this.renderer.setScrollPercentage(t)}getActivePlugins(){return this.plugins}bailedLoadOutcome(e){return this.supersededLoadScopes.has(e)?`superseded`:void 0}loadAudio(e,t,n,r){return q(this,void 0,void 0,(function*(){var i;if(this.isDestroyed)throw Error(`Cannot load audio: wavesurfer was destroyed. Create a new instance instead.`);this.loadScope&&!this.loadScope.disposed&&this.supersededLoadScopes.add(this.loadScope),(i=this.loadScope)==null||i.dispose();let a=this.scope.child();this.loadScope=a;try{if(this.emit(`load`,e),a.disposed||t||n||this.wavesurferActions.setLoadPhase(`fetching`),this.wavesurferActions.setUrl(e||``),n?this.wavesurferActions.setPeaks(n):this.wavesurferActions.setPeaks(null),!this.options.media&&this.isPlaying()&&this.pause(),this.decodedData=null,this.wavesurferActions.setAudioBuffer(null),this.stopAtPosition=null,!t&&!n){let n=Object.assign({},this.options.fetchParams);if(n.signal||=a.abortSignal(),t=yield ct.fetchBlob(e,e=>this.emit(`loading`,e),n),a.disposed)return this.bailedLoadOutcome(a);let r=this.options.blobMimeType;r&&(t=new Blob([t],{type:r}))}if(a.disposed)return this.bailedLoadOutcome(a);this.player.setSrc(e,t);let i=yield new Promise((e=>{let t=r||this.getDuration();if(t)e(t);else{this.mediaEventScope.add(this.player.onMediaEvent(`loadedmetadata`,(()=>e(this.getDuration())),{once:!0}));let t=this.mediaEventScope.add((()=>e(0)));a.add(t)}}));if(a.disposed)return this.bailedLoadOutcome(a);if(e||t||!this.webAudioPlayer||(this.webAudioPlayer.duration=i),a.disposed||this.wavesurferActions.setLoadPhase(`decoding`),n)this.decodedData=Y.createBuffer(n,i||0);else if(t){let e=yield t.arrayBuffer();if(a.disposed)return this.bailedLoadOutcome(a);let n=yield Y.decode(e,this.options.sampleRate);if(a.disposed)return this.bailedLoadOutcome(a);this.decodedData=n}if(a.disposed)return this.bailedLoadOutcome(a);this.decodedData&&(this.wavesurferActions.setAudioBuffer(this.decodedData),this.emit(`decode`,this.getDuration()),this.renderer.render(this.decodedData)),a.disposed||this.wavesurferActions.setLoadPhase(`ready`),this.emit(`ready`,this.getDuration())}catch(e){if(!this.supersededLoadScopes.has(a))throw this.loadScope!==a&&this.loadScope!==null||this.wavesurferActions.setLoadPhase(`error`),e;return`superseded`}}))}classifyLoadResult(e){let t=e.then((e=>{if(e===`superseded`)throw new DOMException(`The load was superseded by a newer load call`,`AbortError`)}),(e=>{throw this.emit(`error`,e),e}));return t.catch((()=>{})),t}load(e,t,n){return this.classifyLoadResult(this.loadAudio(e,void 0,t,n))}loadBlob(e,t,n){return this.classifyLoadResult(this.loadAudio(``,e,t,n))}zoom(e){if(!this.decodedData)throw Error(`No audio loaded`);this.renderer.zoom(e),this.wavesurferActions.setZoom(e),this.emit(`zoom`,e)}getDecodedData(){return this.decodedData}exportPeaks({channels:e=2,maxLength:t=8e3,precision:n=1e4}={}){if(!this.decodedData)throw Error(`The audio has not been decoded yet`);let r=Math.min(e,this.decodedData.numberOfChannels),i=[];for(let e=0;e<r;e++){let r=this.decodedData.getChannelData(e),a=[],o=r.length/t;for(let e=0;e<t;e++){let t=r.slice(Math.floor(e*o),Math.ceil((e+1)*o)),i=0;for(let e=0;e<t.length;e++){let n=t[e];Math.abs(n)>Math.abs(i)&&(i=n)}a.push(Math.round(i*n)/n)}i.push(a)}return i}getDuration(){let e=this.player.getDuration()||0;return e!==0&&e!==1/0||!this.decodedData||(e=this.decodedData.duration),e}toggleInteraction(e){this.options.interact=e}setTime(e){this.isDestroyed||(this.stopAtPosition=null,this.player.setTime(e),this.updateProgress(e),this.emit(`timeupdate`,e))}seekTo(e){let t=this.getDuration()*e;this.setTime(t)}pause(){this.isDestroyed||this.player.pause()}isPlaying(){return this.player.isPlaying()}isSeeking(){return this.player.isSeeking()}getCurrentTime(){return this.player.getCurrentTime()}getVolume(){return this.player.getVolume()}setVolume(e){this.isDestroyed||this.player.setVolume(e)}getMuted(){return this.player.getMuted()}setMuted(e){this.isDestroyed||this.player.setMuted(e)}getPlaybackRate(){return this.player.getPlaybackRate()}setPlaybackRate(e,t){this.isDestroyed||this.player.setPlaybackRate(e,t)}setSinkId(e){return this.isDestroyed?Promise.resolve():this.player.setSinkId(e)}getMediaElement(){return this.webAudioPlayer?null:this.player.getMediaElement()}play(e,t){return q(this,void 0,void 0,(function*(){if(this.isDestroyed)return;e!=null&&this.setTime(e);let n=yield this.player.play();return t!=null&&(this.webAudioPlayer?this.webAudioPlayer.stopAt(t):this.stopAtPosition=t),n}))}playPause(){return q(this,void 0,void 0,(function*(){return this.isPlaying()?this.pause():this.play()}))}stop(){this.pause(),this.setTime(0)}skip(e){this.setTime(this.getCurrentTime()+e)}empty(){this.load(``,[[0]],.001).catch((()=>{}))}setMediaElement(e){this.isDestroyed||(this.unsubscribePlayerEvents(),this.player.setMediaElement(e),this.webAudioPlayer=e instanceof Tt?e:null,this.initPlayerEvents())}exportImage(){return q(this,arguments,void 0,(function*(e=`image/png`,t=1,n=`dataURL`){return this.renderer.exportImage(e,t,n)}))}destroy(){var e;this.isDestroyed||(this.isDestroyed=!0,this.emit(`destroy`),this.plugins.forEach((e=>e.destroy())),this.scope.dispose(),this.loadScope=null,this.decodedData=null,this.wavesurferActions.setAudioBuffer(null),this.renderer.destroy(),this.player.destroy(),this.unAll(),(e=this.internalWebAudioPlayer)==null||e.destroy())}};Dt.BasePlugin=nt,Dt.dom=st,Dt.definePlugin=function(e,t){class n extends nt{static create(...e){return new n(e[0])}onInit(){this.scope.dispose(),this.scope=new J;let n=this,r=t({get wavesurfer(){return n.wavesurfer},get state(){return n.wavesurfer.getState()},scope:this.scope,emit:(e,...t)=>this.emit(e,...t)},this.options);for(let t of Object.keys(r))if(rt.has(t))throw Error(`definePlugin('${e}'): api key "${t}" collides with the plugin chassis`);Object.assign(this,r)}destroy(){this.scope.dispose(),super.destroy()}}return Object.defineProperty(n,"name",{value:e}),n};var Ot=Symbol.for(`pv`),kt=0;Array.isArray;function $(t,n,r,i,a,o){n||={};var s,c,l=n;if(`ref`in l&&typeof t!=`function`)for(c in l={},n)c==`ref`?s=n[c]:l[c]=n[c];var u={type:t,props:l,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Ot,__v:--kt,__i:-1,__u:0};return(a||o)&&(u.__source=a,u.__self=o),e.vnode&&e.vnode(u),u}var At=()=>document.querySelector(`meta[name="nonce"]`)?.content??``,jt=e=>getComputedStyle(document.documentElement).getPropertyValue(e).trim();function Mt(e){let t=jt(`--wave-quiet`);return e?{waveColor:jt(`--wave`),progressColor:jt(`--accent`),cursorColor:jt(`--ink`),cursorWidth:2}:{waveColor:t,progressColor:t,cursorWidth:0}}function Nt({blob:e,player:t,active:n,seek:r}){let i=V(null),a=V(null),o=V(r);return o.current=r,B(()=>{if(!i.current)return;let r=!1,s=i.current;return(async()=>{let{peaks:i,seconds:c}=await It(e);if(r)return;let l=Dt.create({container:s,media:t,peaks:i,duration:c,cspNonce:At(),height:56,barWidth:2,barGap:2,barRadius:2,normalize:!0,...Mt(n)});l.on(`interaction`,e=>o.current(e)),a.current=l})().catch(()=>void 0),()=>{r=!0,a.current?.destroy()}},[e,t]),B(()=>{let e=()=>a.current?.setOptions(Mt(n));e();let t=matchMedia(`(prefers-color-scheme: dark)`);return t.addEventListener(`change`,e),()=>t.removeEventListener(`change`,e)},[n]),$(`div`,{ref:i,class:`drawing`})}var Pt=8e3,Ft=1200;async function It(e){let t=await new OfflineAudioContext(1,Pt,Pt).decodeAudioData(await e.arrayBuffer());return{peaks:[Lt(t.getChannelData(0),Ft)],seconds:t.duration}}function Lt(e,t){let n=Math.max(1,Math.ceil(e.length/t)),r=[];for(let t=0;t<e.length;t+=n){let i=0;for(let r of e.subarray(t,t+n))i=Math.max(i,Math.abs(r));r.push(i)}return r}function Rt({api:e,sound:t,shortcut:n,active:r,choose:i,seek:a,hold:o,onReady:s,onTime:c,onPlaying:l}){let{value:u,error:d}=K(n=>e.sound(t.path,n),[e,t.path]),f=V(null),[p,m]=z(0),[h,g]=z();return B(()=>o(f.current),[]),B(()=>{if(!u)return;let e=URL.createObjectURL(u);return g(e),()=>URL.revokeObjectURL(e)},[u]),$(`div`,{class:`sound${r?` active`:``}`,children:[$(`label`,{children:[$(`input`,{type:`radio`,name:`heard`,checked:r,disabled:!p,onChange:i}),$(`span`,{children:t.name}),$(`kbd`,{"aria-hidden":`true`,children:n})]}),$(`div`,{class:`wave`,"aria-hidden":`true`,children:u&&f.current&&$(Nt,{blob:u,player:f.current,active:r,seek:a})}),$(`span`,{class:`hint`,children:d?zt(d):p?W(p):`Loading…`}),h&&$(`a`,{class:`download`,href:h,download:`${t.file}.${$e(u?.type??null)}`,"aria-label":`Download ${t.name}`,children:`Download`}),$(`audio`,{ref:f,src:h,preload:`auto`,onCanPlay:()=>{let e=f.current?.duration??0;m(e),s(e)},onTimeUpdate:({currentTarget:e})=>c(e.currentTime),onPlay:()=>l(!0),onPause:()=>l(!1),onEnded:()=>l(!1)})]})}var zt=e=>e.status===404||e.status===403?`Not kept any more`:e.message;function Bt(e){let t=`/v1/covers/${e.id}`,n=et(e).slice(0,60),r=e.tracks.filter(e=>e.audio_url).map(e=>({name:`Take ${e.number}${e.alternative?` (alternative)`:``}`,path:`${t}/tracks/${e.number}/audio`,file:`${n} ${e.number}`})),i=e.request.source.object?[{name:`Source`,path:`${t}/source`,file:`${n}, source`}]:[];return r.length?[...i,...r]:[]}function Vt({api:e,cover:t}){let n=Bt(t),r=V(new Map),[i,a]=z(),[o,s]=z(0),[c,l]=z({}),[u,d]=z(!1);if(!n.length)return null;let f=i??n.find(({name:e})=>e!==`Source`)?.name??``,p=()=>r.current.get(f),m=e=>{let t=r.current.get(e);t&&c[e]!==void 0&&(Xe(p(),t),a(e))},h=()=>{let e=p();e?.paused?Ze(e):e?.pause()},g=e=>{let t=p();t&&(t.currentTime=e),s(e)},_=e=>{let t=n[Number(e.key)-1];t&&!e.ctrlKey&&!e.metaKey&&!e.altKey&&m(t.name)},v=c[f]??0;return $(`section`,{class:`listen`,"aria-labelledby":`listen`,onKeyDown:_,children:[$(`h2`,{id:`listen`,children:`Listen`}),$(`div`,{role:`radiogroup`,"aria-label":`Heard`,class:`sounds`,children:n.map((t,n)=>$(Rt,{api:e,sound:t,shortcut:n+1,active:t.name===f,choose:()=>m(t.name),seek:e=>(m(t.name),r.current.get(t.name).currentTime=e,s(e)),hold:e=>e&&r.current.set(t.name,e),onReady:e=>l(n=>({...n,[t.name]:e})),onTime:e=>t.name===f&&s(e),onPlaying:e=>t.name===f&&d(e)},t.name))}),$(`div`,{class:`transport`,children:[$(`button`,{class:`main play`,type:`button`,disabled:!v,"aria-label":u?`Pause`:`Play`,onClick:h,children:$(`svg`,{viewBox:`0 0 24 24`,width:`20`,height:`20`,"aria-hidden":`true`,children:$(`path`,{d:u?`M7 5h3.5v14H7zM13.5 5H17v14h-3.5z`:`M8 5v14l11-7z`})})}),$(`input`,{type:`range`,"aria-label":`Position`,"aria-valuetext":`${W(o)} of ${W(v)}`,min:0,max:v||1,step:.1,value:o,disabled:!v,onInput:({currentTarget:e})=>g(Number(e.value))}),$(`span`,{class:`time`,children:[W(o),` / `,W(v)]})]}),$(`p`,{class:`hint`,children:[`Keys 1 to `,n.length,` switch while you listen; the position stays.`]})]})}function Ht(e){let[t,n]=e.replace(/^#\/?/,``).split(`/`);return t===`covers`&&n?{page:`cover`,id:n}:t===`covers`||t===`usage`?{page:t}:{page:`new`}}var Ut=e=>void(location.hash=`/${e}`);function Wt(){let[e,t]=z(()=>Ht(location.hash));return B(()=>{let e=()=>t(Ht(location.hash));return addEventListener(`hashchange`,e),()=>removeEventListener(`hashchange`,e)},[]),e}function Gt({state:e}){return $(`span`,{class:`badge ${e}`,children:e})}var Kt=[`Ordered`,`Taken`,`Words`,`First take`,`All takes`,`Kept`],qt={none:1,text:2,first:3,complete:4};function Jt(e){return e.state===`succeeded`?5:e.state===`queued`||e.state===`submitting`||e.state===`failed`&&e.stage===`none`?0:qt[e.stage]}var Yt=[`Asking the provider`,`The provider is at work`,`The words are there`,`The first take is there`,`Copying the takes`,`Done`];function Xt(e){if(e.state===`failed`)return`It failed.`;if(e.state===`canceled`)return`It was canceled.`;let t=Jt(e);return t===2&&!e.lyrics?`Past the words…`:`${Yt[t]}${t===5?`.`:`…`}`}function Zt({cover:e}){let t=Jt(e),n=e.state===`failed`||e.state===`canceled`;return $(y,{children:[$(`ol`,{class:`stages${n?` over`:``}`,"aria-label":`Stages`,children:Kt.map((e,r)=>$(`li`,{class:r<=t?`done`:r===t+1&&!n?`next`:``,"aria-current":r===t?`step`:void 0,children:e},e))}),$(`p`,{class:e.state===`succeeded`?`unseen`:`hint`,role:`status`,children:Xt(e)})]})}var Qt=[`job`,`submit`,`callback`,`poll`,`transfer`,`delivery`],$t={job:`Cover`,submit:`Submit`,callback:`Callbacks`,poll:`Polls`,transfer:`Transfers`,delivery:`Deliveries`},en={submit:`submit`,callback:`callback`,poll:`poll`,track:`transfer`};function tn(e){let t=e.split(`.`);return t[0]===`late`?t.includes(`poll`)?`poll`:`callback`:en[t[0]??``]??`job`}var nn=[`cover.failed`,`submit.refused`,`submit.unknown`,`track.lost`,`track.unusable`,`callback.failed`,`poll.failed`],rn=[`cover.succeeded`,`cover.first`,`track.kept`,`submit.accepted`];function an(e){return e.startsWith(`late.`)?`late`:nn.includes(e)?`bad`:rn.includes(e)?`good`:`plain`}function on(e,t){let n=[...e].sort((e,t)=>e.sequence-t.sequence).map(({type:e,message:t,at:n,data:r})=>({lane:tn(e),at:n,type:e,message:t,tone:an(e),data:r})),r=[...t.deliveries.flatMap(e=>e.attempts.map(t=>sn(e.event.type,e.webhook,t))),...t.callbacks.map(e=>sn(e.about,`client`,e))];return[...n,...r].sort((e,t)=>Date.parse(e.at)-Date.parse(t.at))}function sn(e,t,n){let r=n.status!==null&&n.status<300,{at:i,number:a,status:o,ms:s,reason:c}=n;return{lane:`delivery`,at:i,type:t===`client`?`client callback`:`webhook`,message:`${e}: ${r?`heard`:`not heard`}${a>1?`, attempt ${a}`:``}`,tone:r?`good`:`bad`,data:{to:t,status:o,ms:s,...c&&{reason:c}}}}var cn=18,ln=e=>cn/2+Qt.indexOf(e)*cn;function un({api:e,cover:t}){let{value:n,error:r}=K(async n=>on(...await Promise.all([e.timeline(t.id,n),e.deliveries(t.id,n)])),[e,t.id,t.version]),i=n??[];return $(`section`,{class:`timeline`,"aria-labelledby":`timeline`,children:[$(`h2`,{id:`timeline`,children:`Timeline`}),r&&$(`p`,{class:`fault`,children:r.message}),$(`ul`,{class:`lanes`,"aria-label":`Lanes`,children:Qt.map(e=>$(`li`,{class:e,children:$t[e]},e))}),$(`ol`,{class:`lines`,children:i.map((e,t)=>$(dn,{point:e,start:i[0].at,before:i[t-1],last:t===i.length-1},`${e.at} ${e.type} ${t}`))})]})}function dn({point:e,start:t,before:n,last:r}){let[i,a]=z(!1),o=`line-${e.at}-${e.type}`.replace(/\W/g,`-`);return $(`li`,{class:`line ${e.tone} ${e.lane}`,children:[$(fn,{from:n?.lane,to:e.lane,last:r}),$(`button`,{type:`button`,"aria-expanded":i,"aria-controls":o,onClick:()=>a(!i),title:mn(e),children:[$(`time`,{dateTime:e.at,children:Je(t,e.at)}),$(`span`,{class:`message`,children:e.message}),$(`span`,{class:`unseen`,children:$t[e.lane]})]}),$(`div`,{id:o,class:`detail`,hidden:!i,children:$(hn,{point:e})})]})}function fn({from:e,to:t,last:n}){let r=Qt.length*cn,i=ln(t);return $(`div`,{class:`drawn`,"aria-hidden":`true`,children:[!n&&$(`svg`,{class:`rest`,width:r,height:`100%`,viewBox:`0 0 ${r} 10`,preserveAspectRatio:`none`,children:$(`path`,{d:`M${i} 0V10`})}),$(`svg`,{width:r,height:22,viewBox:`0 0 ${r} 22`,children:[e&&$(`path`,{d:`M${ln(e)} 0C${ln(e)} 9 ${i} 7 ${i} 16`}),$(`circle`,{cx:i,cy:16,r:6})]})]})}var pn=e=>[[`line`,e.type],[`at`,qe(e.at)],...Object.entries(e.data).map(([e,t])=>[e.replaceAll(`_`,` `),gn(t)])],mn=e=>pn(e).map(([e,t])=>`${e}: ${t}`).join(`
`);function hn({point:e}){return $(`dl`,{children:pn(e).map(([e,t])=>$(`div`,{children:[$(`dt`,{children:e}),$(`dd`,{children:t})]},e))})}var gn=e=>typeof e==`string`?e:JSON.stringify(e);function _n({api:e,id:t}){let[n,r]=z(),[i,a]=z(``),[o,s]=z(0);B(()=>{let n=new AbortController;return(async()=>{for await(let i of He(e,t,n.signal))r(i)})().catch(e=>!n.signal.aborted&&a(e.message)),()=>n.abort()},[e,t,o]);let c=async e=>{a(``);try{let n=await e();n.id===t?s(o+1):Ut(`covers/${n.id}`)}catch(e){a(e.message)}};return $(`article`,{class:`cover`,children:[$(`h1`,{children:n?et(n):`Cover`}),i&&$(`p`,{class:`fault`,role:`alert`,children:i}),!n&&!i&&$(`p`,{class:`hint`,children:`Loading…`}),n&&$(y,{children:[$(vn,{cover:n}),$(Zt,{cover:n}),n.failure&&$(yn,{cover:n}),$(bn,{cover:n,cancel:()=>c(()=>e.cancel(t)),retry:()=>c(()=>e.retry(t))}),$(Vt,{api:e,cover:n}),n.lyrics&&$(`details`,{children:[$(`summary`,{children:`Words`}),$(`p`,{class:`lyrics`,children:n.lyrics})]}),$(un,{api:e,cover:n})]})]})}function vn({cover:e}){let{style:t,prompt:n,voice:r}=e.request,i=[[`Style`,t||n],[`Voice`,r],[`Provider`,e.provider],[`Model`,e.model],[`Estimated`,e.estimated_usd?G(e.estimated_usd):`nothing`],[`Ordered`,qe(e.created_at)],[`Left out`,e.dropped.join(`, `)]];return $(`dl`,{class:`facts`,children:[$(`div`,{children:[$(`dt`,{children:`State`}),$(`dd`,{children:$(Gt,{state:e.state})})]}),i.map(([e,t])=>t?$(`div`,{children:[$(`dt`,{children:e}),$(`dd`,{children:t})]},e):null)]})}function yn({cover:e}){let t=e.failure;if(!t)return null;let{what:n,todo:r}=Ie(t.reason);return $(`section`,{class:`failure`,"aria-labelledby":`failed`,children:[$(`h2`,{id:`failed`,children:n}),$(`p`,{children:r}),$(`p`,{class:`hint`,children:[e.provider,`: “`,t.message,`” (`,t.reason,t.code&&`, ${t.code}`,`)`]})]})}function bn({cover:e,cancel:t,retry:n}){let r=e.state===`canceled`||e.failure?.retryable;return ze(e)&&!r?null:$(`div`,{class:`actions`,children:[r&&$(`button`,{type:`button`,onClick:n,children:`Retry`}),!ze(e)&&$(`button`,{class:`quiet`,type:`button`,onClick:t,children:`Cancel`})]})}function xn({api:e}){let[t,n]=z(``),[r,i]=z([null]),a=r.at(-1)??null,o=K(n=>e.covers(t,a,20,n),[e,t,a]),s=o.value?.next_cursor;return $(y,{children:[$(`div`,{class:`head`,children:[$(`h1`,{children:`Covers`}),$(`label`,{for:`state`,children:[$(`span`,{class:`hint`,children:`Show`}),` `,$(`select`,{id:`state`,value:t,onChange:({currentTarget:e})=>(n(e.value),i([null])),children:[$(`option`,{value:``,children:`all`}),Oe.map(e=>$(`option`,{value:e,children:e},e))]})]})]}),o.error&&$(`p`,{class:`fault`,role:`alert`,children:o.error.message}),$(`ul`,{class:`covers`,"aria-label":`Covers`,"aria-busy":!o.value,children:o.value?.covers.map(e=>$(Sn,{cover:e},e.id))}),o.value?.covers.length===0&&$(`p`,{class:`empty`,children:t?`None is ${t}.`:`None yet. Drop a song and make one.`}),(r.length>1||s)&&$(`nav`,{class:`pages`,"aria-label":`Pages`,children:[$(`button`,{type:`button`,disabled:r.length===1,onClick:()=>i(r.slice(0,-1)),children:`Newer`}),$(`button`,{type:`button`,disabled:!s,onClick:()=>s&&i([...r,s]),children:`Older`})]})]})}function Sn({cover:e}){return $(`li`,{children:$(`a`,{href:`#/covers/${e.id}`,children:[$(`strong`,{children:et(e)}),$(Gt,{state:e.state}),$(`span`,{class:`hint`,children:[e.provider,` · `,qe(e.created_at)]})]})})}function Cn(){return $(`svg`,{class:`mark`,viewBox:`0 0 32 32`,width:`28`,height:`28`,"aria-hidden":`true`,children:[$(`rect`,{width:`32`,height:`32`,rx:`8`}),$(`path`,{d:`M8 12v8M13 8v16M18 11v10M23 14v4`})]})}function wn(e,t,n){if(t.size>e.max_bytes)return Promise.reject(new U(413,`The song is larger than ${Math.floor(e.max_bytes/1e6)} MB.`));let r=new FormData;for(let[t,n]of Object.entries(e.fields))r.append(t,n);return r.append(`file`,t),new Promise((t,i)=>{let a=new XMLHttpRequest;a.open(`POST`,e.url),a.upload.onprogress=e=>e.lengthComputable&&n(e.loaded/e.total),a.onload=()=>{a.status<300?t():i(new U(a.status,`The inbox refused the song (${a.status}).`))},a.onerror=()=>i(new U(0,`The song could not be sent. Is the network there?`)),a.send(r)})}function Tn(e,t,n){let r=JSON.stringify(t),i=n?.song===e;return n&&i&&n.words===r?n:{song:e,words:r,key:crypto.randomUUID(),upload:i?n.upload:null}}async function En(e,t,n){let{song:r}=t;if(`file`in r&&!t.upload){let i=await e.ticket(r.file.name);await wn(i,r.file,n),t.upload=i.upload}let i=`url`in r?{url:r.url}:{upload:t.upload,name:r.file.name};return e.create({source:i,...JSON.parse(t.words)},t.key)}var Dn=`.mp3,.wav,.flac,.ogg,.m4a,.aac,audio/*`;function On({song:e,choose:t}){let[n,r]=z(!1),[i,a]=z(!1),o=e=>{e.preventDefault(),r(!1);let n=e.dataTransfer?.files[0];n&&t({file:n})},s=e&&`file`in e?e.file:null;return $(`fieldset`,{class:`song`,children:[$(`legend`,{children:`Song`}),i?$(y,{children:[$(`label`,{for:`link`,children:`Link to the song`}),$(`input`,{id:`link`,type:`url`,pattern:`https://.+`,placeholder:`https://…`,onInput:({currentTarget:e})=>t(e.validity.valid&&e.value?{url:e.value}:null)})]}):$(`label`,{class:`drop${n?` over`:``}${s?` full`:``}`,onDragOver:e=>(e.preventDefault(),r(!0)),onDragLeave:()=>r(!1),onDrop:o,children:[$(`input`,{id:`song`,class:`unseen`,type:`file`,accept:Dn,onChange:({currentTarget:e})=>e.files?.[0]&&t({file:e.files[0]})}),$(`strong`,{children:s?s.name:`Drop a song here, or choose one`}),$(`span`,{class:`hint`,children:s?`${Ke(s.size)}. Drop another to change it`:`mp3, wav, flac, ogg, m4a, aac; up to 100 MB`})]}),$(`button`,{class:`quiet`,type:`button`,onClick:()=>(a(!i),t(null)),children:i?`Drop a file instead`:`Use a link instead`})]})}var kn=Object.values(Object.assign({"../../studio/styles/8-bit.toml":`title = "8-bit"
about = "Two pulses, a triangle and noise: a game from 1986."
words = ["8-bit", "8 bit", "8bit", "chiptune", "chip tune", "chip", "game", "video game", "arcade", "retro game", "console", "nes"]
tempo = [120, 168]
swing = 0.5
snap = 1.0
human = 0
colour = ["triad"]

[sound]
room = 0.25
bright = 5000
crush = 0.35

[[part]]
name = "lead"
play = "lead"
program = ["pulse25", "pulse12"]
wet = 0.06

[[part]]
name = "arpeggio"
play = "arp"
program = ["blip", "pulse25"]
level = -9
low = 60
pan = 0.25
wet = 0.04
four = ["1234123412341234", "1.3.2.4.1.3.2.4."]
three = ["123412341234", "1.3.2.4.3.2."]

[[part]]
name = "bass"
play = "bass"
program = ["triangle", "square"]
level = -4
low = 36
wet = 0.0
hold = 0.8
four = ["R.R.8.R.R.R.8.R.", "R-R-..8-R-R-5-8-"]
three = ["R.R.8.R.8.R.", "R-..8-..5-8-"]

[[part]]
name = "drums"
play = "drums"
program = ["chipkit", "chipkit"]
level = -7
wet = 0.02
four = [
  { kick = "X.......X.......", snare = "....X.......X...", hat = "x.o.x.o.x.o.x.o." },
  { kick = "X..X....X.X.....", snare = "....X.......X..o", hat = "xoxoxoxoxoxoxoxo" },
]
three = [
  { kick = "X...........", snare = "....X...X...", hat = "x.o.x.o.x.o." },
]
`,"../../studio/styles/ambient-pads.toml":`title = "Ambient pads"
about = "Slow chords without edges, the tune as a light in fog."
words = ["ambient", "pads", "pad", "drone", "meditation", "meditative", "space", "spacey", "ethereal", "atmospheric", "calm", "spa", "dreamy"]
tempo = [56, 76]
swing = 0.5
snap = 0.3
human = 20
colour = ["ninth", "open"]

[sound]
room = 4.5
bright = 4000
lowpass = 7000
chorus = 0.5

[[part]]
name = "lead"
play = "lead"
program = ["softlead", "glass"]
wet = 0.45

[[part]]
name = "echo"
play = "echo"
program = ["glass", "bell"]
level = -17
pan = -0.5
wet = 0.8
octave = 1

[[part]]
name = "pad"
play = "comp"
program = ["warmpad", "glasspad"]
level = -8
low = 50
wet = 0.55
hold = 1.1
four = ["X---------------"]
three = ["X-----------"]

[[part]]
name = "deep"
play = "bass"
program = ["subbass", "subbass"]
level = -8
low = 33
wet = 0.1
four = ["R---------------"]
three = ["R-----------"]
`,"../../studio/styles/bossa-nova.toml":`title = "Bossa nova"
about = "A nylon guitar's clave, a soft flute, a rim and a shaker by the sea."
words = ["bossa", "bossa nova", "bossanova", "brazil", "brazilian", "samba", "latin", "beach", "summer"]
tempo = [116, 144]
swing = 0.5
snap = 0.7
human = 9
colour = ["seventh", "ninth"]

[sound]
room = 1.1
bright = 6500

[[part]]
name = "lead"
play = "lead"
program = [73, 66]
wet = 0.28
vibrato = 10

[[part]]
name = "guitar"
play = "comp"
program = [24, 24]
level = -6
low = 50
pan = -0.25
hold = 0.9
four = ["x..x..x...x..x..", "x-..x-.x..x-..x."]
three = ["x..x..x..x..", "x-..x-.x..x."]

[[part]]
name = "bass"
play = "bass"
program = [32, 33]
level = -4
low = 31
wet = 0.03
four = ["R-----5-5-----R-", "R-----R-5-----5-"]
three = ["R-----5-5-..", "R-----5---a-"]

[[part]]
name = "percussion"
play = "drums"
program = [128, 128]
level = -10
wet = 0.15
four = [
  { rim = "X..X..X...X..X..", shaker = "xoooxoooxoooxooo", kick = "x.....oox.....oo" },
  { rim = "..X...X.X..X..X.", shaker = "xoxoxoxoxoxoxoxo", kick = "x.....o.x.....o." },
]
three = [
  { rim = "X..X..X..X..", shaker = "xoooxoooxooo", kick = "x.....o....." },
]
`,"../../studio/styles/folk.toml":`title = "Folk"
about = "Picked steel strings and a tin whistle, or a fiddle, by the fire."
words = ["folk", "acoustic", "campfire", "country", "celtic", "irish", "fiddle", "unplugged", "singer-songwriter", "bluegrass"]
tempo = [92, 132]
swing = 0.52
snap = 0.6
human = 12
colour = ["triad", "open"]

[sound]
room = 1.0
bright = 6500

[[part]]
name = "lead"
play = "lead"
program = [72, 110]
wet = 0.22

[[part]]
name = "guitar"
play = "arp"
program = [25, 25]
level = -5
low = 48
pan = -0.2
hold = 1.6
four = ["1-3-2-4-1-3-2-4-", "1-4-3-4-2-4-3-4-"]
three = ["1-3-4-3-4-3-", "1-2-3-4-3-2-"]

[[part]]
name = "strum"
play = "comp"
program = [25, 105]
level = -10
low = 50
pan = 0.3
enter = 4
hold = 0.9
four = ["X---..x-..x-x---", "..x-..x-..x-..x-"]
three = ["X---x-..x-x-", "....x---x---"]

[[part]]
name = "bass"
play = "bass"
program = [32, 32]
level = -5
low = 31
wet = 0.04
four = ["R-------5-------"]
three = ["R-------5---"]

[[part]]
name = "percussion"
play = "drums"
program = [128, 128]
level = -13
enter = 8
four = [{ tambourine = "....x.......x...", kick = "x.......x......." }, { shaker = "x.oox.oox.oox.oo" }]
three = [{ tambourine = "....o...o...", kick = "x..........." }]
`,"../../studio/styles/funk.toml":`title = "Funk"
about = "A slapped bass, a clavinet and horns that keep it short."
words = ["funk", "funky", "soul", "groove", "groovy", "motown", "r&b", "rnb", "pop"]
tempo = [94, 120]
swing = 0.54
snap = 0.85
human = 6
colour = ["seventh", "ninth"]

[sound]
room = 0.7
bright = 6500
drive = 0.15

[[part]]
name = "lead"
play = "lead"
program = [65, 62]
wet = 0.15

[[part]]
name = "clavinet"
play = "comp"
program = [7, 28]
level = -9
low = 54
pan = -0.35
wet = 0.06
hold = 0.6
four = ["x..x..x.x..x.x..", "..x.xx....x.xx.."]
three = ["x..x..x.x..x", "..x.xx..x.x."]

[[part]]
name = "organ"
play = "comp"
program = [17, 4]
level = -13
low = 52
pan = 0.3
enter = 4
four = ["X-------x-----..", "......X-........"]
three = ["X-------x-.."]

[[part]]
name = "bass"
play = "bass"
program = [36, 33]
level = -2
low = 29
wet = 0.02
hold = 0.75
four = ["R..R..8.R..5..a.", "R.R...8..R.R5.8."]
three = ["R..R..8.5.a.", "R.R...8..R5."]

[[part]]
name = "drums"
play = "drums"
program = [128, 128]
level = -4
wet = 0.06
four = [
  { kick = "X.x.......X..x..", snare = "....X..o.o..X..o", hat = "x.xxx.xxx.xxx.xx" },
  { kick = "X.....x..xX.....", snare = "....X.......X..o", hat = "xoxoxoxoxoxoxoxo" },
]
three = [{ kick = "X.....x.....", snare = "....X..oX..o", hat = "x.xxx.xxx.xx" }]
`,"../../studio/styles/jazz-trio.toml":`title = "Jazz trio"
about = "Walking bass, brushes and a piano that answers off the beat."
words = ["jazz", "swing", "swinging", "trio", "bebop", "smoky", "club", "jazzy", "blues"]
tempo = [112, 168]
swing = 0.64
snap = 0.7
human = 12
colour = ["seventh", "ninth"]

[sound]
room = 0.9
bright = 6000

[[part]]
name = "lead"
play = "lead"
program = [66, 26]
wet = 0.22
vibrato = 14

[[part]]
name = "piano"
play = "comp"
program = [0, 0]
level = -8
low = 53
pan = -0.3
hold = 0.8
four = ["x.....x-........", "..x...x-....x-..", "......x-..x-...."]
three = ["x.....x-....", "..x-....x-.."]

[[part]]
name = "bass"
play = "bass"
program = [32, 32]
level = -4
low = 31
wet = 0.05
hold = 0.9
four = ["R---3---5---a---", "R---5---8---a---"]
three = ["R---3---a---", "R---5---a---"]

[[part]]
name = "drums"
play = "drums"
program = [128, 128]
level = -8
wet = 0.12
pan = 0.1
four = [
  { ride = "x...x.o.x...x.o.", pedal = "....x.......x...", kick = "o.......o......." },
  { brush = "o...x.o.o...x.o.", hat = "....o.......o...", kick = "o.....o........." },
]
three = [
  { ride = "x...x.o.x.o.", pedal = "....x...x...", kick = "o..........." },
  { brush = "o...x...x.o.", pedal = "....x...x..." },
]
`,"../../studio/styles/lo-fi.toml":`title = "Lo-fi"
about = "A worn tape of an electric piano over a sleepy beat."
words = ["lofi", "lo-fi", "lo fi", "chill", "chillhop", "study", "sleepy", "hip hop", "hiphop"]
tempo = [68, 92]
swing = 0.58
snap = 0.6
human = 14
colour = ["seventh", "ninth"]

[sound]
room = 1.0
bright = 3500
lowpass = 5200
wow = 9
crackle = 0.45
drive = 0.25

[[part]]
name = "lead"
play = "lead"
program = [4, 11]
wet = 0.3

[[part]]
name = "keys"
play = "comp"
program = [5, 0]
level = -7
low = 52
pan = -0.25
four = ["X-----..x-----..", "..x---..X-----x-"]
three = ["X-----..x-..", "X-..x---x-.."]

[[part]]
name = "bass"
play = "bass"
program = [33, 32]
level = -4
low = 31
wet = 0.02
four = ["R-----R-..5---..", "R---..R-....R-a-"]
three = ["R-----....5-", "R---..5-R-.."]

[[part]]
name = "drums"
play = "drums"
program = [128, 128]
level = -6
wet = 0.08
enter = 4
four = [
  { kick = "X.........X.....", snare = "....x.......x...", hat = "x.o.x.o.x.o.x.oo" },
  { kick = "X.....X...X.....", rim = "....X.......X...", hat = "xoo.x.o.x.o.xoo." },
]
three = [
  { kick = "X.....x.....", snare = "....x...x...", hat = "x.o.x.o.x.o." },
  { kick = "X.........x.", rim = "....X...X...", hat = "xoo.x.o.x.oo" },
]
`,"../../studio/styles/music-box.toml":`title = "Music box"
about = "Steel teeth and a key to wind: the tune on its own, very small."
words = ["music box", "musicbox", "lullaby", "toy", "baby", "nursery", "bedtime", "tiny"]
tempo = [76, 112]
swing = 0.5
snap = 0.9
human = 5
colour = ["triad"]

[sound]
room = 1.8
bright = 8000
highpass = 120

[[part]]
name = "lead"
play = "lead"
program = [10, 8]
octave = 1
wet = 0.35

[[part]]
name = "teeth"
play = "arp"
program = [10, 10]
level = -7
low = 60
pan = -0.2
wet = 0.35
hold = 1.5
four = ["1---3---4---3---", "1-3-4-3-1-3-4-3-"]
three = ["1---3---4---", "1-3-4-3-4-3-"]

[[part]]
name = "glass"
play = "comp"
program = [9, 14]
level = -14
low = 67
pan = 0.3
wet = 0.5
tones = 3
enter = 8
four = ["x..............."]
three = ["x..........."]
`,"../../studio/styles/orchestral.toml":`title = "Orchestral"
about = "Strings, a horn, a harp, and timpani where it matters."
words = ["orchestral", "orchestra", "cinematic", "epic", "film", "movie", "soundtrack", "symphonic", "classical", "strings", "grand", "majestic"]
tempo = [72, 116]
swing = 0.5
snap = 0.5
human = 14
colour = ["triad"]

[sound]
room = 2.6
bright = 5500

[[part]]
name = "lead"
play = "lead"
program = [40, 60]
wet = 0.4
vibrato = 16

[[part]]
name = "strings"
play = "comp"
program = [48, 48]
level = -7
low = 50
wet = 0.4
four = ["X---------------", "X-------x-------"]
three = ["X-----------", "X-------x---"]

[[part]]
name = "harp"
play = "arp"
program = [46, 45]
level = -11
low = 48
pan = -0.4
wet = 0.4
hold = 1.5
enter = 4
four = ["1-2-3-4-5-4-3-2-", "1.3.4.3.1.3.4.3."]
three = ["1-2-3-4-3-2-", "1.3.4.3.4.3."]

[[part]]
name = "cellos"
play = "bass"
program = [42, 43]
level = -6
low = 36
pan = 0.25
wet = 0.35
four = ["R-------5-------", "R-----------5---"]
three = ["R-------5---", "R-----------"]

[[part]]
name = "horns"
play = "comp"
program = [60, 61]
level = -14
low = 55
pan = 0.35
wet = 0.5
enter = 12
tones = 3
four = ["x---------------"]
three = ["x-----------"]

[[part]]
name = "timpani"
play = "bass"
program = [47, 47]
level = -9
low = 36
wet = 0.4
enter = 8
four = ["R...........R.R.", "R..............."]
three = ["R...........", "R.......R.R."]
`,"../../studio/styles/piano-ballad.toml":`title = "Piano ballad"
about = "One grand piano, the pedal down, and a breath of strings."
words = ["ballad", "piano", "solo piano", "romantic", "gentle", "intimate", "sentimental"]
tempo = [60, 88]
swing = 0.5
snap = 0.4
human = 16
colour = ["triad", "seventh"]

[sound]
room = 2.0
bright = 5500

[[part]]
name = "lead"
play = "lead"
program = [0, 40]
wet = 0.3
vibrato = 12

[[part]]
name = "left hand"
play = "arp"
program = [0, 0]
level = -7
low = 40
pan = -0.15
wet = 0.3
hold = 2.0
four = ["1---3---4---3---", "1-2-3-4-5-4-3-2-"]
three = ["1---3---4---", "1-2-3-4-3-2-"]

[[part]]
name = "bass"
play = "bass"
program = [0, 0]
level = -7
low = 31
four = ["R-------------..", "R-------R-----.."]
three = ["R---------..", "R---------.."]

[[part]]
name = "strings"
play = "comp"
program = [49, 48]
level = -13
low = 52
pan = 0.2
wet = 0.45
enter = 8
tones = 3
four = ["x---------------"]
three = ["x-----------"]
`,"../../studio/styles/reggae.toml":`title = "Reggae"
about = "The organ on the off-beat, a heavy bass, and the drop on three."
words = ["reggae", "ska", "dub", "jamaica", "jamaican", "island", "caribbean", "sunny"]
tempo = [66, 92]
swing = 0.54
snap = 0.7
human = 10
colour = ["triad", "seventh"]

[sound]
room = 1.2
bright = 4500
drive = 0.12

[[part]]
name = "lead"
play = "lead"
program = [57, 22]
wet = 0.28

[[part]]
name = "skank"
play = "comp"
program = [27, 16]
level = -7
low = 55
pan = -0.3
wet = 0.15
hold = 0.55
four = ["....X.......X...", "..x...x...x...x."]
three = ["....X...X...", "..x...x...x."]

[[part]]
name = "bubble"
play = "comp"
program = [16, 18]
level = -12
low = 50
pan = 0.35
hold = 0.5
enter = 4
four = ["..x.xx..xx..x.xx", "..xx..xx..xx..xx"]
three = ["..xx..xx..xx"]

[[part]]
name = "bass"
play = "bass"
program = [33, 33]
level = -2
low = 29
wet = 0.02
four = ["R-..R-3-5---..5-", "..R-R---5-3-R---"]
three = ["R-..R-3-5---", "..R-5---R---"]

[[part]]
name = "drums"
play = "drums"
program = [128, 128]
level = -6
wet = 0.12
four = [
  { kick = "........X.......", rim = "........X.......", hat = "x.o.x.o.x.o.x.o." },
  { kick = "X.......X.......", snare = "........x.......", hat = "x.oox.oox.oox.oo" },
]
three = [{ kick = "....X.......", rim = "....X.......", hat = "x.o.x.o.x.o." }]
`,"../../studio/styles/rock.toml":`title = "Rock"
about = "Two guitars, a bass and a kit in a garage."
words = ["rock", "guitar", "garage", "punk", "indie", "metal", "grunge", "band", "loud"]
tempo = [104, 152]
swing = 0.5
snap = 0.85
human = 7
colour = ["power", "triad"]

[sound]
room = 0.9
bright = 6000
drive = 0.35

[[part]]
name = "lead"
play = "lead"
program = [29, 27]
wet = 0.2
vibrato = 10

[[part]]
name = "rhythm"
play = "comp"
program = [30, 29]
level = -8
low = 43
pan = -0.45
wet = 0.08
tones = 3
hold = 0.9
four = ["X-x-x-x-X-x-x-x-", "X---..x-X---x-x-"]
three = ["X-x-x-x-x-x-", "X---x-x-x---"]

[[part]]
name = "second guitar"
play = "comp"
program = [27, 25]
level = -11
low = 52
pan = 0.45
enter = 8
four = ["X-------x-------", "..x-..x-..x-..x-"]
three = ["X-------x---"]

[[part]]
name = "bass"
play = "bass"
program = [34, 33]
level = -4
low = 28
wet = 0.02
four = ["R-R-R-R-R-R-R-R-", "R---R-R-R---5-5-"]
three = ["R-R-R-R-R-R-", "R---R-R-5---"]

[[part]]
name = "drums"
play = "drums"
program = [128, 128]
level = -3
wet = 0.1
four = [
  { kick = "X.......X.X.....", snare = "....X.......X...", hat = "x.x.x.x.x.x.x.x." },
  { kick = "X..X....X..X....", snare = "....X.......X...", ride = "x...x...x...x..." },
]
three = [{ kick = "X.....x.....", snare = "....X...X...", hat = "x.x.x.x.x.x." }]
`,"../../studio/styles/synthwave.toml":`title = "Synthwave"
about = "Neon, rain on the windscreen, sixteenths in the bass."
words = ["synthwave", "synth wave", "synth", "80s", "eighties", "retrowave", "neon", "electronic", "electro", "synthpop", "dance", "disco"]
tempo = [88, 124]
swing = 0.5
snap = 0.9
human = 2
colour = ["triad", "seventh"]

[sound]
room = 1.9
bright = 7000
drive = 0.2
pump = 0.55
chorus = 0.3

[[part]]
name = "lead"
play = "lead"
program = ["synthlead", "softlead"]
wet = 0.35

[[part]]
name = "echo"
play = "echo"
program = ["softlead", "glass"]
level = -13
pan = 0.5
wet = 0.5

[[part]]
name = "pad"
play = "comp"
program = ["supersaw", "warmpad"]
level = -9
low = 52
wet = 0.4
four = ["X---------------"]
three = ["X-----------"]

[[part]]
name = "arpeggio"
play = "arp"
program = ["pluck", "pluck"]
level = -12
low = 60
pan = -0.4
wet = 0.35
enter = 8
four = ["1.2.3.4.3.2.1.2.", "1234123412341234"]
three = ["1.2.3.4.3.2."]

[[part]]
name = "bass"
play = "bass"
program = ["synthbass", "synthbass"]
level = -4
low = 33
wet = 0.02
hold = 0.85
four = ["R.R.R.R.R.R.R.R.", "R.RRR.RRR.RRR.8."]
three = ["R.R.R.R.R.R.", "R.RRR.RRR.8."]

[[part]]
name = "drums"
play = "drums"
program = ["machine", "machine"]
level = -5
wet = 0.1
enter = 4
four = [
  { kick = "X...X...X...X...", clap = "....X.......X...", hat = "..x...x...x...x." },
  { kick = "X.......X.x.....", snare = "....X.......X...", hat = "x.o.x.o.x.o.x.oo" },
]
three = [
  { kick = "X...........", clap = "....X...X...", hat = "..x...x...x." },
]
`,"../../studio/styles/waltz.toml":`title = "Waltz"
about = "One, two, three: an accordion in Paris. Songs in four are turned."
words = ["waltz", "musette", "accordion", "paris", "parisian", "french", "vienna", "viennese", "three-four", "3/4", "cafe", "carousel"]
tempo = [120, 176]
metre = 3
swing = 0.5
snap = 0.8
human = 10
colour = ["triad", "seventh"]

[sound]
room = 1.3
bright = 6000

[[part]]
name = "lead"
play = "lead"
program = [21, 71]
wet = 0.25

[[part]]
name = "after-beats"
play = "comp"
program = [24, 48]
level = -7
low = 53
pan = -0.2
hold = 0.6
four = ["....x---x---x---"]
three = ["....x---x---"]

[[part]]
name = "bass"
play = "bass"
program = [32, 43]
level = -4
low = 31
wet = 0.08
hold = 0.8
four = ["R---....5---....", "R-------5---5---"]
three = ["R---........", "R-------5---"]

[[part]]
name = "counter"
play = "arp"
program = [46, 73]
level = -14
low = 60
pan = 0.35
wet = 0.35
enter = 8
four = ["..1-3-4-5-4-3-1-", "1---3---4---5---"]
three = ["..1-3-4-5-4-", "1---3---4---"]
`})).map(An);function An(e){let t=t=>RegExp(`^${t} = "(.*)"$`,`m`).exec(e)?.[1],n=t(`title`),r=t(`about`);if(!n||!r)throw Error(`a style without a title or a line about it`);return{title:n,about:r}}function jn({style:e,choose:t}){return $(`div`,{class:`field`,children:[$(`label`,{for:`style`,children:`Style`}),$(`textarea`,{id:`style`,rows:2,maxLength:1e3,placeholder:`dreamy lo-fi with a soft piano`,value:e,onInput:({currentTarget:e})=>t(e.value)}),$(`div`,{class:`chips`,role:`group`,"aria-label":`Styles of the studio`,children:kn.map(({title:n,about:r})=>$(`button`,{type:`button`,title:r,"aria-pressed":e===n,onClick:()=>t(e===n?``:n),children:n},n))})]})}var Mn=[{id:`deeper`,name:`Deeper: from a larger body`},{id:`brighter`,name:`Brighter: from a smaller body`},{id:`choir`,name:`Choir: doubled by itself`},{id:`vocoder`,name:`Vocoder: spoken by a synth`}];function Nn({api:e,provider:t,voice:n,required:r,choose:i}){let[a,o]=z(``),s=t===`musicgpt`,c=K(t=>s?e.voices(a,t):Promise.resolve([]),[s,a]),l=s?(c.value??[]).map(e=>({id:e.voice_id,name:e.voice_name})):Mn;return $(`div`,{class:`field`,children:[s&&$(y,{children:[$(`label`,{for:`voice-words`,children:`Find a voice`}),$(`input`,{id:`voice-words`,type:`search`,onChange:({currentTarget:e})=>o(e.value.trim())})]}),$(`label`,{for:`voice`,children:`Voice`}),$(`select`,{id:`voice`,required:r,value:n,onChange:({currentTarget:e})=>i(e.value),children:[$(`option`,{value:``,children:r?`Choose a voice`:`No voice: instruments alone`}),l.map(({id:e,name:t})=>$(`option`,{value:e,children:t},e))]}),c.error&&$(`p`,{class:`fault`,children:c.error.message})]})}var Pn={provider:`auto`,style:``,title:``,words:`none`,lyrics:``,voice:``,pitch:0};function Fn(e,t){let n=t.find(t=>t.provider===e),r=e=>n?n.fields.includes(e):[`style`,`lyrics`,`instrumental`].includes(e),i=n?.required.includes(`voice`)??!1;return{style:r(`style`)||r(`prompt`),lyrics:r(`lyrics`),instrumental:r(`instrumental`),voice:r(`voice`),voiceRequired:i,pitch:r(`pitch`)}}function In(e,t){let n=e.style.trim(),r=t.style&&(e.words===`own`&&t.lyrics||e.words===`none`&&t.instrumental);return{provider:e.provider,...t.style&&{style:n},...r&&{title:e.title.trim()||n.slice(0,60)},...r&&(e.words===`own`?{lyrics:e.lyrics.trim()}:{instrumental:!0}),...t.voice&&e.voice&&{voice:e.voice},...t.pitch&&e.pitch!==0&&{pitch:e.pitch}}}function Ln(e,t,n){return[!n&&`a song`,t.style&&!e.style.trim()&&`a style`,t.lyrics&&e.words===`own`&&!e.lyrics.trim()&&`the words`,t.voiceRequired&&!e.voice&&`a voice`].filter(e=>!!e)}var Rn=[[`none`,`Instrumental`,`instrumental`],[`own`,`My words`,`lyrics`],[`auto`,`Any words`,`style`]];function zn({form:e,can:t,set:n}){return $(y,{children:[$(`fieldset`,{class:`segments`,children:[$(`legend`,{children:`Words`}),Rn.filter(([,,e])=>t[e]).map(([t,r])=>$(`label`,{children:[$(`input`,{type:`radio`,name:`words`,checked:e.words===t,onChange:()=>n({words:t})}),$(`span`,{children:r})]},t))]}),e.words===`own`&&t.lyrics&&$(`div`,{class:`field`,children:[$(`label`,{for:`lyrics`,children:`Lyrics`}),$(`textarea`,{id:`lyrics`,rows:6,value:e.lyrics,onInput:({currentTarget:e})=>n({lyrics:e.value})})]}),e.words!==`auto`&&$(`div`,{class:`field`,children:[$(`label`,{for:`title`,children:[`Title `,$(`span`,{class:`hint`,children:`(the style, if left empty)`})]}),$(`input`,{id:`title`,maxLength:80,value:e.title,onInput:({currentTarget:e})=>n({title:e.value})})]})]})}function Bn({api:e}){let[t,n]=z(null),[r,i]=z(Pn),[a,o]=z(null),[s,c]=z(``),l=V(null),u=K(t=>e.providers(t),[e]),d=u.value??[],f=Fn(r.provider,d),p=Ln(r,f,t!==null),m=e=>(i({...r,...e}),c(``));return $(`form`,{class:`order`,onSubmit:async n=>{if(n.preventDefault(),t&&!p.length){c(``),o(0);try{l.current=Tn(t,In(r,f),l.current),Ut(`covers/${(await En(e,l.current,o)).id}`)}catch(e){c(e.message),o(null)}}},children:[$(`h1`,{children:`New cover`}),$(On,{song:t,choose:e=>(n(e),c(``))}),$(Hn,{providers:d,chosen:r.provider,choose:e=>m({provider:e,voice:``,pitch:0})}),u.error&&$(`p`,{class:`fault`,children:u.error.message}),f.style&&$(jn,{style:r.style,choose:e=>m({style:e})}),f.style&&$(zn,{form:r,can:f,set:m}),f.voice&&$(Nn,{api:e,provider:r.provider,voice:r.voice,required:f.voiceRequired,choose:e=>m({voice:e})}),f.pitch&&$(Un,{pitch:r.pitch,choose:e=>m({pitch:e})}),s&&$(`p`,{class:`fault`,role:`alert`,children:s}),$(`div`,{class:`send`,children:[$(`button`,{class:`main`,disabled:p.length>0||a!==null,children:a===null?`Make the cover`:`Sending…`}),$(`span`,{class:`hint`,role:`status`,children:a===null?p.length>0&&`Still needed: ${p.join(`, `)}.`:$(Vn,{share:a})})]})]})}function Vn({share:e}){return $(y,{children:[$(`progress`,{value:e,"aria-label":`Song sent`}),` `,e<1?`Sending the song`:`Ordering the cover`]})}function Hn({providers:e,chosen:t,choose:n}){let r=e.find(e=>e.provider===t);return $(`div`,{class:`field`,children:[$(`label`,{for:`provider`,children:`Provider`}),$(`select`,{id:`provider`,"aria-describedby":`provider-hint`,value:t,onChange:({currentTarget:e})=>n(e.value),children:[$(`option`,{value:`auto`,children:`The cheapest that can do it`}),e.map(({provider:e,enabled:t,estimated_usd:n})=>$(`option`,{value:e,disabled:!t,children:[e,t?n!==null&&`, about ${G(n)}`:`, switched off`]},e))]}),$(`p`,{id:`provider-hint`,class:`hint`,children:r&&!r.healthy?`In trouble: ${r.reason??`it failed lately`}`:`One of them is paid, by an estimate of its prices.`})]})}function Un({pitch:e,choose:t}){return $(`div`,{class:`field`,children:[$(`label`,{for:`pitch`,children:[`Pitch `,$(`output`,{for:`pitch`,children:[e>0?`+${e}`:e,` semitones`]})]}),$(`input`,{id:`pitch`,type:`range`,min:-12,max:12,step:1,value:e,onInput:({currentTarget:e})=>t(Number(e.value))})]})}var Wn=`reprise-api-key`,Gn={read:()=>sessionStorage.getItem(Wn),write:e=>sessionStorage.setItem(Wn,e),clear:()=>sessionStorage.removeItem(Wn)},Kn={401:`This key is not known here.`,403:`This key may not read covers. It takes the scope read.`};function qn({enter:e}){let[t,n]=z(``),[r,i]=z(``),[a,o]=z(!1);return $(`main`,{class:`gate`,children:$(`form`,{class:`card`,onSubmit:async n=>{n.preventDefault(),o(!0);try{await new ke(t.trim()).covers(``,null,1),e(t.trim())}catch(e){let t=e;i(Kn[t.status]??t.message),o(!1)}},children:[$(`h1`,{children:[$(Cn,{}),` Reprise`]}),$(`p`,{children:`Order covers, watch them come, and listen.`}),$(`label`,{for:`key`,children:`API key`}),$(`input`,{id:`key`,type:`password`,autocomplete:`current-password`,spellcheck:!1,required:!0,value:t,"aria-invalid":r?!0:void 0,"aria-describedby":`key-hint`,onInput:e=>(n(e.currentTarget.value),i(``))}),$(`p`,{id:`key-hint`,class:`hint`,children:[`It stays in this tab and is forgotten when the tab closes. `,$(`code`,{children:`reprise keys create`}),` makes one.`]}),r&&$(`p`,{class:`fault`,role:`alert`,children:r}),$(`button`,{class:`main`,disabled:a||!t.trim(),children:a?`Looking…`:`Sign in`})]})})}var Jn=[`covers`,`succeeded`,`failed`,`estimated_usd`,`delivered_usd`,`undelivered_usd`,`open_usd`];async function Yn(e){let t=new Map,n=await e(null);for(;;){for(let e of n.providers)t.set(e.provider,Xn(t.get(e.provider),e));if(!n.next_cursor)break;n=await e(n.next_cursor)}return{rows:[...t.values()].sort((e,t)=>t.estimated_usd-e.estimated_usd||t.covers-e.covers),budget:n.budget}}function Xn(e,t){return e?{...e,...Object.fromEntries(Jn.map(n=>[n,e[n]+t[n]]))}:t}function Zn(e,t){let n=t=>new Date(Date.UTC(e.getUTCFullYear(),e.getUTCMonth()-t,1));return Array.from({length:t},(e,t)=>n(t).toISOString().slice(0,7))}var Qn=12;function $n({api:e}){let[t]=z(()=>Zn(new Date,Qn)),[n,r]=z(t[0]),{value:i,error:a}=K(t=>er(e,n,t),[e,n]),o=i?.of===n?i:void 0;return $(y,{children:[$(`div`,{class:`head`,children:[$(`h1`,{children:`Usage`}),$(`label`,{for:`month`,children:[$(`span`,{class:`hint`,children:`Of`}),` `,$(`select`,{id:`month`,value:n,onChange:({currentTarget:e})=>r(e.value),children:t.map(e=>$(`option`,{value:e,children:Ge(e)},e))})]})]}),a&&$(`p`,{class:`fault`,role:`alert`,children:a.message}),!o&&!a&&$(`p`,{class:`hint`,role:`status`,children:`Adding up…`}),o?.rows.length===0&&$(`p`,{class:`empty`,children:[`No covers in `,Ge(n),`.`]}),o&&o.rows.length>0&&$(tr,{rows:o.rows}),o?.budget&&$(`p`,{children:[`Of this key's `,G(o.budget.limit_usd),` a month, `,G(o.budget.committed_usd),` are gone or put by.`]}),o&&o.rows.length>0&&$(`p`,{class:`hint`,children:[`Estimates by price lists, never a bill. `,$(ar,{kind:`good`}),` bought takes. `,$(ar,{kind:`bad`}),` bought none: look for a refund at the provider. `,$(ar,{kind:`rest`}),` is open: under way, or nobody knows.`]})]})}var er=async(e,t,n)=>({...await Yn(r=>Ue(()=>e.usage(t,r,n))),of:t});function tr({rows:e}){let t=Math.max(...e.map(e=>e.estimated_usd)),n=Math.max(...e.map(e=>e.covers));return $(`table`,{class:`chart`,children:[$(`caption`,{class:`unseen`,children:`Covers and estimated money by provider`}),$(`thead`,{children:$(`tr`,{children:[$(`th`,{scope:`col`,children:`Provider`}),$(`th`,{scope:`col`,children:`Estimated`}),$(`th`,{scope:`col`,children:`Covers`})]})}),$(`tbody`,{children:e.map(e=>$(`tr`,{children:[$(`th`,{scope:`row`,children:e.provider}),$(`td`,{children:[$(or,{parts:nr(e),most:t}),` `,G(e.estimated_usd),$(`span`,{class:`hint`,children:ir(e)})]}),$(`td`,{children:[$(or,{parts:rr(e),most:n}),` `,e.covers,$(`span`,{class:`hint`,children:e.failed>0&&` (${e.failed} failed)`})]})]},e.provider))}),$(`tfoot`,{children:$(`tr`,{children:[$(`th`,{scope:`row`,children:`All`}),$(`td`,{children:G(e.reduce((e,t)=>e+t.estimated_usd,0))}),$(`td`,{children:e.reduce((e,t)=>e+t.covers,0)})]})})]})}var nr=e=>[[`good`,e.delivered_usd],[`bad`,e.undelivered_usd],[`rest`,e.open_usd]],rr=e=>[[`good`,e.succeeded],[`bad`,e.failed],[`rest`,e.covers-e.succeeded-e.failed]];function ir(e){let t=[e.undelivered_usd>0&&`${G(e.undelivered_usd)} for nothing`,e.open_usd>0&&`${G(e.open_usd)} open`].filter(Boolean).join(`, `);return t&&` (${t})`}var ar=({kind:e})=>$(`svg`,{class:`key`,viewBox:`0 0 10 10`,role:`img`,"aria-label":{good:`Green`,bad:`Red`,rest:`Grey`}[e],children:$(`rect`,{class:e,width:10,height:10,rx:2})});function or({parts:e,most:t}){let n=0;return $(`svg`,{class:`share`,viewBox:`0 0 100 10`,preserveAspectRatio:`none`,"aria-hidden":`true`,children:e.map(([e,r])=>{let i=t>0?100*r/t:0;return n+=i,$(`rect`,{class:e,x:n-i,width:i,height:10},e)})})}function sr(){let[e,t]=z(Gn.read),n=be(()=>e?new ke(e):null,[e]);return n?$(lr,{api:n,leave:()=>{Gn.clear(),t(null)}}):$(qn,{enter:e=>{Gn.write(e),t(e)}})}var cr=[[`new`,`New cover`],[`covers`,`Covers`],[`usage`,`Usage`]];function lr({api:e,leave:t}){let n=Wt(),r=V(null),i=n.page===`cover`?n.id:n.page,a=V(!0);B(()=>{a.current||r.current?.focus(),a.current=!1,scrollTo(0,0)},[i]);let o=n.page===`cover`?`covers`:n.page;return $(y,{children:[$(`a`,{class:`skip`,href:`#main`,onClick:e=>(e.preventDefault(),r.current?.focus()),children:`Skip to the page`}),$(`header`,{class:`bar`,children:[$(`a`,{class:`brand`,href:`#/new`,"aria-label":`Reprise, new cover`,children:[$(Cn,{}),` `,$(`span`,{children:`Reprise`})]}),$(`nav`,{"aria-label":`Console`,children:cr.map(([e,t])=>$(`a`,{href:`#/${e}`,"aria-current":o===e?`page`:void 0,children:t},e))}),$(`button`,{class:`quiet`,type:`button`,onClick:t,children:`Sign out`})]}),$(`main`,{id:`main`,ref:r,tabIndex:-1,children:$(ur,{route:n,api:e},i)})]})}function ur({route:e,api:t}){return e.page===`cover`?$(_n,{api:t,id:e.id}):e.page===`covers`?$(xn,{api:t}):e.page===`usage`?$($n,{api:t}):$(Bn,{api:t})}var dr=document.getElementById(`app`);dr&&P($(sr,{}),dr);
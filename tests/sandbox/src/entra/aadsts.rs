//! Entra's own error codes. Control flow follows `error` and `suberror`; the numbers are for people, and so are the
//! texts, which are shortened here.

/// What Entra says with a code; `{}` in the text stands for what it is about.
pub(crate) struct Aadsts {
    pub(crate) code: u32,
    pub(crate) error: &'static str,
    pub(crate) suberror: Option<&'static str>,
    pub(crate) text: &'static str,
}

const fn row(code: u32, error: &'static str, suberror: Option<&'static str>, text: &'static str) -> Aadsts {
    Aadsts {
        code,
        error,
        suberror,
        text,
    }
}

/// The row of `code`, if it is known.
pub(crate) fn find(code: u32) -> Option<&'static Aadsts> {
    TABLE.iter().find(|row| row.code == code)
}

/// Suberrors of 700082, 50173, 70043 and 53003 are guesses: Microsoft does not publish them.
const TABLE: &[Aadsts] = &[
    row(
        28000,
        "invalid_request",
        None,
        "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {} is not valid.",
    ),
    row(
        50020,
        "invalid_grant",
        None,
        "User account '{}' from identity provider does not exist in tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
    ),
    row(50049, "invalid_instance", None, "Unknown or invalid instance."),
    row(
        50053,
        "invalid_grant",
        None,
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
    ),
    row(
        50055,
        "invalid_grant",
        Some("user_password_expired"),
        "The password is expired.",
    ),
    row(50057, "invalid_grant", None, "The user account is disabled."),
    row(
        50076,
        "invalid_grant",
        Some("basic_action"),
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{}'.",
    ),
    row(
        50078,
        "invalid_grant",
        Some("basic_action"),
        "Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access '{}'.",
    ),
    row(
        50079,
        "invalid_grant",
        Some("basic_action"),
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{}'.",
    ),
    row(
        50089,
        "invalid_grant",
        Some("token_expired"),
        "Authentication failed due to flow token expired.",
    ),
    row(
        50105,
        "invalid_grant",
        None,
        "Your administrator has configured the application to block users unless they are specifically granted access to it.",
    ),
    row(
        50132,
        "invalid_grant",
        Some("bad_token"),
        "The session is not valid due to the following reasons: password expiration or recent password change, SSO Artifact is invalid or expired, session is not fresh enough for application, or a silent sign-in request was sent but the user's session with Microsoft Entra is invalid or has expired.",
    ),
    row(
        50133,
        "invalid_grant",
        Some("bad_token"),
        "The session is not valid due to password expiration or recent password change.",
    ),
    row(
        50158,
        "invalid_grant",
        Some("basic_action"),
        "External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.",
    ),
    row(
        50173,
        "invalid_grant",
        Some("bad_token"),
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on an earlier date and the TokensValidFrom date (before which tokens are not valid) for this user is later.",
    ),
    row(
        50196,
        "invalid_request",
        None,
        "The server terminated an operation because it encountered a client request loop. Please contact your app vendor.",
    ),
    row(
        53000,
        "invalid_grant",
        Some("additional_action"),
        "Device is not in required device state. Conditional Access policy requires a compliant device, and the device is not compliant.",
    ),
    row(
        53003,
        "invalid_grant",
        Some("message_only"),
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ),
    row(
        530_084,
        "invalid_grant",
        Some("protection_policy_required"),
        "Access has been blocked by conditional access token protection policy.",
    ),
    row(
        54005,
        "invalid_grant",
        None,
        "OAuth2 token was already redeemed, please retry with a new valid one or use an existing refresh token.",
    ),
    row(
        65001,
        "invalid_grant",
        Some("consent_required"),
        "The user or administrator has not consented to use the application with ID '{}'. Send an interactive authorization request for this user and resource.",
    ),
    row(
        65002,
        "invalid_grant",
        None,
        "Consent between first party application '{}' and first party resource must be configured via preauthorization.",
    ),
    row(
        70000,
        "invalid_grant",
        Some("bad_token"),
        "Provided grant is invalid or malformed.",
    ),
    row(
        70003,
        "unsupported_grant_type",
        None,
        "The app requested an unsupported grant type '{}'.",
    ),
    row(
        70008,
        "invalid_grant",
        Some("token_expired"),
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
    ),
    row(
        70011,
        "invalid_scope",
        None,
        "The provided value for the input parameter 'scope' is not valid. The scope {} is not valid.",
    ),
    row(
        70043,
        "invalid_grant",
        Some("token_expired"),
        "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
    ),
    row(
        700_007,
        "invalid_grant",
        Some("client_mismatch"),
        "The refresh token was issued to another client and cannot be used by this one.",
    ),
    row(
        700_016,
        "unauthorized_client",
        None,
        "Application with identifier '{}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
    ),
    row(
        700_025,
        "invalid_client",
        None,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),
    row(
        700_082,
        "invalid_grant",
        Some("token_expired"),
        "The refresh token has expired due to inactivity. The token was issued on an earlier date and was inactive for 90.00:00:00.",
    ),
    row(
        700_084,
        "invalid_grant",
        Some("token_expired"),
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended.",
    ),
    row(7_000_112, "unauthorized_client", None, "Application '{}' is disabled."),
    row(
        7_000_215,
        "invalid_client",
        None,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'.",
    ),
    row(
        7_000_218,
        "invalid_client",
        None,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
    row(
        7_000_222,
        "invalid_client",
        None,
        "The provided client secret keys for app '{}' are expired.",
    ),
    row(
        500_011,
        "invalid_resource",
        None,
        "The resource principal named {} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
    ),
    row(
        90002,
        "invalid_request",
        None,
        "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    ),
    row(
        90033,
        "temporarily_unavailable",
        None,
        "A transient error has occurred. Please try again.",
    ),
    row(
        90055,
        "temporarily_unavailable",
        None,
        "The request has been throttled because of too many requests for the tenant.",
    ),
    row(
        90094,
        "invalid_grant",
        Some("consent_required"),
        "Admin consent is required for the permissions requested by this application.",
    ),
    row(
        900_144,
        "invalid_request",
        None,
        "The request body must contain the following parameter: '{}'.",
    ),
    row(
        900_561,
        "invalid_request",
        None,
        "The endpoint only accepts other requests. Received another request.",
    ),
    row(
        9_002_313,
        "invalid_grant",
        None,
        "Invalid request. Request is malformed or invalid.",
    ),
    row(
        50011,
        "invalid_request",
        None,
        "The redirect URI '{}' specified in the request does not match the redirect URIs configured for the application. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
    ),
    row(
        500_112,
        "invalid_grant",
        None,
        "The reply address '{}' does not match the reply address provided when requesting Authorization code.",
    ),
    row(
        500_113,
        "invalid_request",
        None,
        "No reply address is registered for the application.",
    ),
    row(
        50034,
        "invalid_grant",
        None,
        "The user account {} does not exist in the directory. To sign into this application, the account must be added to the directory.",
    ),
    row(
        50058,
        "login_required",
        None,
        "A silent sign-in request was sent but no user is signed in.",
    ),
    row(
        50059,
        "invalid_request",
        None,
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
    ),
    row(
        50126,
        "invalid_grant",
        None,
        "Error validating credentials due to invalid username or password.",
    ),
    row(
        50194,
        "invalid_request",
        None,
        "Application '{}' is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
    ),
    row(
        501_481,
        "invalid_grant",
        None,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ),
    row(
        53001,
        "invalid_grant",
        Some("additional_action"),
        "Device is not in required device state: domain joined. Conditional Access policy requires a domain joined device, and the device is not domain joined.",
    ),
    row(
        530_003,
        "invalid_grant",
        Some("additional_action"),
        "Your device is required to be managed to access this resource.",
    ),
    row(
        530_035,
        "invalid_grant",
        Some("message_only"),
        "Access has been blocked by security defaults. This is due to the request using legacy authentication or being deemed unsafe by security defaults policies.",
    ),
    row(
        65004,
        "access_denied",
        None,
        "User declined to consent to access the app.",
    ),
    row(
        650_057,
        "invalid_resource",
        None,
        "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {}.",
    ),
    row(
        70005,
        "unsupported_response_type",
        None,
        "The response type '{}' is not supported by the application.",
    ),
    row(
        70016,
        "authorization_pending",
        None,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    ),
    row(
        70018,
        "bad_verification_code",
        None,
        "Invalid verification code due to User typing in wrong user code for device code flow.",
    ),
    row(
        70019,
        "expired_token",
        None,
        "Verification code expired. Have the user retry the sign-in.",
    ),
    row(
        70020,
        "expired_token",
        None,
        "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
    ),
    row(
        700_054,
        "unsupported_response_type",
        None,
        "response_type '{}' is not enabled for the application.",
    ),
    row(
        7_000_216,
        "invalid_client",
        None,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ),
    row(
        90023,
        "invalid_request",
        None,
        "The parameter '{}' has a value that is not supported.",
    ),
    row(
        9_001_023,
        "invalid_request",
        None,
        "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
    ),
    row(
        9_002_325,
        "invalid_request",
        None,
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
    ),
];

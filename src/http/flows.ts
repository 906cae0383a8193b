/** First steps of the ways in: each runs as it is, and its comments say what follows. Codes are 123456 in the sandbox. */
export const FLOWS = {
  registerCorporate: `# From nothing to a card that can be used. Each step is a mutation:
# createPassword, loginWithPassword, sendCorporateEmailVerification and
# verifyCorporateEmail, startOtpEnrolment and verifyOtpEnrolment, which
# steps the session up, startCorporateKyb; once approved
# createManagedAccount, assignManagedAccountIban, createManagedCard,
# setSpendRules, upgradeCardToPhysical, activatePhysicalCard.
mutation RegisterCorporate($input: CreateCorporateInput!) {
  createCorporate(input: $input) {
    __typename
    ... on CreateCorporatePayload {
      corporate { id company { name } rootUser { userId email emailVerified } }
    }
    ... on ValidationError { fields { path rule } }
    ... on MutationError { code message }
  }
}
`,
  registerConsumer: `# The same for a person: createPassword, loginWithPassword,
# verifyConsumerEmail, verifyOtpEnrolment, then startConsumerKyc.
mutation RegisterConsumer($input: CreateConsumerInput!) {
  createConsumer(input: $input) {
    __typename
    ... on CreateConsumerPayload {
      consumer { id rootUser { userId name surname } }
    }
    ... on ValidationError { fields { path rule } }
    ... on MutationError { code message }
  }
}
`,
  inviteUser: `# Needs a stepped-up session: run StepUp and VerifyCode first. Then
# inviteUser sends a code, validateUserInvite checks it, and
# consumeUserInvite sets the password that the user signs in with.
mutation InviteUser($input: CreateUserInput!) {
  createUser(input: $input) {
    __typename
    ... on CreateUserPayload { user { id name surname email active roles } }
    ... on ValidationError { fields { path rule } }
    ... on MutationError { code message }
  }
}
`,
  lostPassword: `# Sends a code to the user's e-mail address; resumeLostPassword takes
# it with a new password, and answers a session.
mutation LostPassword($input: StartLostPasswordInput!) {
  startLostPassword(input: $input) {
    __typename
    ... on MutationError { code message }
  }
}
`,
  expiredPassword: `# A password that has expired signs nobody in: the answer is a token
# that serves updatePassword alone. Put it into the Headers pane, call
# updatePassword, and its answer has the session.
mutation ExpiredPassword($input: LoginWithPasswordInput!) {
  loginWithPassword(input: $input) {
    __typename
    ... on PasswordExpired { token }
    ... on MutationError { code message }
  }
}
`,
};

const mobile = { countryCode: '+356', number: '79123456' };

/** What each flow starts with on the sandbox. */
export const FLOW_INPUTS = {
  registerCorporate: {
    profileId: '100000000000000001',
    ipAddress: '203.0.113.10',
    baseCurrency: 'EUR',
    rootUser: { name: 'Nora', surname: 'North', email: 'nora@north.example', mobile, companyPosition: 'DIRECTOR' },
    company: { name: 'North Ltd', type: 'LLC', countryOfRegistration: 'MT' },
  },
  registerConsumer: {
    profileId: '100000000000000002',
    ipAddress: '203.0.113.11',
    rootUser: {
      name: 'Otto',
      surname: 'East',
      email: 'otto@east.example',
      mobile,
      dateOfBirth: '1990-01-31',
      address: { country: 'MT' },
    },
  },
  inviteUser: { name: 'Wanda', surname: 'West', email: 'wanda@acme.example', mobile },
  lostPassword: { email: 'ben@acme.example' },
  expiredPassword: { email: 'eve@newco.example', password: 'Passw0rd!' },
};
